"""Routes of the week plan, the route, the brief before a visit, reviews."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from marketing.views import brief, plan, reviews

urlpatterns: list[URLPattern] = [
    page("plan/", plan.plan, name="plan", can=Can.VIEW_FIELD_WORK),
    page("plan/make/", plan.make, name="plan_make", can=Can.LOG_VISITS),
    page("plan/find/", plan.find, name="plan_find", can=Can.LOG_VISITS),
    page("plan/add/", plan.add, name="plan_add", can=Can.LOG_VISITS),
    page("plan/stops/<int:pk>/move/", plan.move, name="plan_move", can=Can.LOG_VISITS),
    page("plan/stops/<int:pk>/drop/", plan.drop, name="plan_drop", can=Can.LOG_VISITS),
    page("plan/stops/<int:pk>/lock/", plan.lock, name="plan_lock", can=Can.LOG_VISITS),
    page("brief/<int:customer_id>/", brief.brief, name="brief", can=Can.VIEW_FIELD_WORK),
    page("reviews/", reviews.reviews, name="reviews", can=Can.VIEW_FIELD_WORK),
    page("reviews/<int:pk>/", reviews.review, name="review", can=Can.REVIEW_VISITS),
]
