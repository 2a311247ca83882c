"""Routes of eligibility rules: who passes, the editor, the replay before they take effect."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views import replay, rules

urlpatterns: list[URLPattern] = [
    *(
        page(f"<str:code>/<int:no>/{path}", view, name=name, can=can)
        for path, view, name, can in (
            ("rules/", rules.version_rules, "rules", Can.VIEW_PRODUCTS),
            ("rules/new/", rules.rule_edit, "rule_new", Can.EDIT_PRODUCTS),
            ("rules-count/", rules.rule_count, "rule_count", Can.EDIT_PRODUCTS),
            ("rules/<slug:rule>/", rules.rule_edit, "rule_edit", Can.EDIT_PRODUCTS),
            ("rules/<slug:rule>/remove/", rules.rule_remove, "rule_remove", Can.EDIT_PRODUCTS),
            ("rules/<slug:rule>/move/", rules.rule_move, "rule_move", Can.EDIT_PRODUCTS),
            ("replay/", replay.version_replay, "replay", Can.VIEW_PRODUCTS),
            (
                "replay/<slug:side>/",
                replay.replay_customers,
                "replay_customers",
                Can.VIEW_MATCHES,
            ),
        )
    ),
]
