"""Routes of care tasks, relief, complaints, satisfaction."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import care, care_complaints

READ, WORK = Can.VIEW_FIELD_WORK, Can.HANDLE_CARE

urlpatterns: list[URLPattern] = [
    page(
        "care/", care.care_table, name="care", can=READ, menu=_("Care"), icon="heart", order=45
    ),
    *(
        page(f"care/{path}", view, name=name, can=can)
        for path, view, name, can in (
            ("<int:pk>/close/", care.care_close, "care_close", WORK),
            ("complaints/", care_complaints.complaint_table, "complaints", READ),
            ("complaints/<int:pk>/", care_complaints.complaint, "complaint", READ),
            ("complaints/<int:pk>/close/", care_complaints.complaint_close,
             "complaint_close", WORK),
            ("complaints/<int:pk>/hand/", care_complaints.complaint_hand, "complaint_hand", WORK),
            ("customers/<int:customer_id>/complaint/", care_complaints.complaint_new,
             "complaint_new", WORK),
            ("customers/<int:customer_id>/mark/", care.mark, "care_mark", WORK),
            ("relief/", care.relief_table, "relief", READ),
            ("relief/<int:pk>/", care.relief_item, "relief_item", READ),
            ("relief/<int:pk>/propose/", care.relief_propose, "relief_propose", WORK),
            ("relief/<int:pk>/close/", care.relief_close, "relief_close", WORK),
            ("satisfaction/", care.satisfaction_table, "satisfaction", READ),
        )
    ),
]  # fmt: skip
