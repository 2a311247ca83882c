"""The tags draw what their inputs say, escape what users wrote, and need no style attribute."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation


def drawn(source, **values):
    with translation.override("zh-hans"):
        return Template(source).render(Context(values))


def test_a_card_takes_its_actions_from_the_slot_inside_it():
    html = drawn(
        '{% card title="甲" %}正文{% slot "actions" %}<b>动作</b>{% endslot %}{% endcard %}'
    )

    head, body = html.split('class="card__body')
    assert "<b>动作</b>" in head
    assert "正文" in body and "动作" not in body


def test_a_card_in_a_card_keeps_its_own_slot():
    inner = '{% card title="内" %}{% slot "actions" %}里{% endslot %}{% endcard %}'
    html = drawn(
        '{% card title="外" %}' + inner + '{% slot "actions" %}外面{% endslot %}{% endcard %}'
    )

    outer_head = html.split('class="card__body')[0]
    assert "外面" in outer_head and "里" not in outer_head
    assert "slot:" not in html


def test_what_users_write_is_escaped_everywhere():
    evil = "<img src=x onerror=1><!--slot:actions-->"
    html = drawn(
        "{% card title=evil source=evil %}{{ evil }}{% endcard %}{% badge evil %}{% money evil %}"
        "{% item title=evil note=evil badge=evil %}{% enditem %}{% copyable evil %}"
        "{% stat label=evil note=evil %}{{ evil }}{% endstat %}{% avatar evil %}"
        "{% facts %}{% fact label=evil %}{{ evil }}{% endfact %}{% endfacts %}"
        "{% meter evil 0.5 note=evil %}{% verdict evil 'pass' value=evil why=evil %}"
        "{% event None evil note=evil %}{{ evil }}{% endevent %}",
        evil=evil,
    )

    assert "<img" not in html
    assert "<!--slot" not in html


def test_an_empty_fact_is_unknown():
    html = drawn('{% fact label="用电" %}{% endfact %}')

    assert "未知" in html


def test_a_meter_says_its_share_to_a_screen_reader():
    html = drawn('{% meter "流动资金" 0.74 %}')

    assert 'aria-valuenow="74"' in html
    assert 'width="74.0%"' in html


@pytest.mark.parametrize(("value", "width"), [(None, "0.0%"), (5, "100.0%"), (-1, "0.0%")])
def test_a_bar_stays_within_its_track(value, width):
    html = drawn("{% bar value max=2 %}", value=value)

    assert f'width="{width}"' in html


def test_a_sparkline_leaves_a_gap_where_a_value_is_missing():
    html = drawn("{% sparkline values %}", values=[1, 2, None, 3, 4])

    assert html.count("<polyline") == 2


def test_a_flat_line_and_one_value_are_drawn_too():
    assert drawn("{% sparkline values %}", values=[3, 3, 3]).count("<polyline") == 1
    assert drawn("{% sparkline values %}", values=[3]).count("<polyline") == 1
    assert drawn("{% sparkline values %}", values=[]).count("<polyline") == 0


def test_a_funnel_shows_where_cases_leave():
    html = drawn("{% funnel stages %}", stages=[{"label": "线索", "entered": 100, "left": 25}])

    assert "流失" in html
    assert 'width="25.0%"' in html
    assert "75%" in html


@pytest.mark.parametrize(
    ("state", "words"),
    [(True, "通过"), (False, "不通过"), (None, "暂不能判断"), ("fail", "不通过")],
)
def test_a_verdict_says_pass_fail_or_cannot_tell(state, words):
    html = drawn('{% verdict "条件" state %}', state=state)

    assert f'aria-label="{words}"' in html


def test_a_chart_has_a_table_with_the_same_figures():
    data = {"categories": ["11", "12"], "series": [{"name": "流入", "data": [5, None]}]}
    html = drawn('{% chart data id="flow" label="流水" %}', data=data)

    assert 'id="flow-data" type="application/json"' in html
    assert re.findall(r'<td class="num">(.*?)</td>', html) == ["5", "—"]


def test_a_zero_in_a_chart_table_is_zero_and_not_unknown():
    data = {"categories": ["11"], "series": [{"name": "流入", "data": [0]}]}
    html = drawn("{% chart data %}", data=data)

    assert '<td class="num">0</td>' in html


def test_sorting_twice_turns_the_order_round_and_starts_at_the_first_page():
    request = RequestFactory().get("/?sort=name&after=9&stage=a")
    html = drawn('{% sort_header "name" "名称" %}', request=request)

    assert 'href="?sort=-name&amp;stage=a"' in html
    assert 'aria-sort="ascending"' in html


def test_button_keywords_become_attributes():
    html = drawn('{% button "存" type="submit" hx_post="/x" disabled=True data_y=None %}')

    assert 'type="submit"' in html and 'hx-post="/x"' in html and " disabled" in html
    assert "data-y" not in html


class Sample(forms.Form):
    people = forms.IntegerField(label="人数", help_text="含业主", min_value=0)
    step = forms.ChoiceField(label="下一步", choices=[("a", "电话")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_wrong_field_names_its_error_to_a_screen_reader():
    html = drawn("{% form_fields form %}", form=Sample({"people": "-1"}))

    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert all(f'id="{name}"' in html for name in described)
    assert 'type="hidden"' in html


def test_radio_choices_become_chips_with_a_name():
    html = drawn("{% field form.step %}", form=Sample())

    assert 'role="radiogroup" aria-labelledby="id_step_label"' in html
    assert 'id="id_step_label"' in html


def test_a_posted_form_carries_the_token_and_a_get_form_does_not():
    posted = drawn("{% form form=form %}{% endform %}", form=Sample(), csrf_token="abc")
    asked = drawn('{% form method="get" %}x{% endform %}', csrf_token="abc")

    assert 'name="csrfmiddlewaretoken"' in posted
    assert "csrfmiddlewaretoken" not in asked


def test_a_running_job_asks_again_and_a_finished_one_does_not():
    running = drawn('{% job_progress "导入" 5 total=10 url="/jobs/1/" %}')
    done = drawn('{% job_progress "导入" 10 total=10 state="done" url="/jobs/1/" %}')

    assert 'hx-get="/jobs/1/"' in running
    assert "hx-get" not in done
