{% load static %}importScripts("{% static "js/visit-store.js" %}", "{% static "js/visit-worker.js" %}");
huikeWorker.start({ form: "{% url "marketing:visit_new" %}", logout: "{% url "account_logout" %}" });
