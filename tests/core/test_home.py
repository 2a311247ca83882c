from tests.factories import make_user


def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/"


def test_a_strangers_fragment_leaves_the_page_instead_of_showing_a_login_inside_it(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?q=a"}

    response = client.get("/", headers=headers)

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=/customers/%3Fq%3Da"


def test_somebody_signed_in_sees_the_workbench(client):
    client.force_login(make_user("rm"))

    response = client.get("/")

    assert response.status_code == 200
