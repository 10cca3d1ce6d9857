"""Webhooks: made, changed, tested and removed by who runs the organisation; what was sent is looked at, and sent again."""

from functools import partial
from typing import Any

from contracts import webhooks as contract
from contracts.errors import Conflict, Invalid
from contracts.events import sequence_text
from contracts.fields import instant_text
from plumbing.ids import follow
from plumbing.outside import Away, NotAllowed
from plumbing.services import Call, answers, every
from services.integrations.entrypoints import Entrypoints
from services.integrations.types import wanted_types
from services.integrations.webhooks import delivery as deliveries
from services.integrations.webhooks import webhook as rules
from services.integrations.webhooks.delivery import delivery_view
from services.integrations.webhooks.signing import new_secret, seal
from services.integrations.webhooks.webhook import Secret, Webhook, webhook_view


class Webhooks(Entrypoints):
    """A part of services.integrations.service.IntegrationsService."""

    @answers(contract.CREATE_WEBHOOK)
    def create_webhook(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more; its secret is shown this once. Raises Invalid (`/url`), Refused (`/types`), and Conflict where there are too many."""
        self._check_place(request["url"])
        meant = wanted_types(request["types"])
        if len(self.store.webhooks.of(call.organisation_id)) >= contract.MOST_WEBHOOKS:
            raise Conflict(f"There are {contract.MOST_WEBHOOKS} webhooks already. Remove one first.")
        text = new_secret()
        secret = Secret(follow(call.command_id, "secret"), seal(self.desk.key, call.command_id, text), call.now)
        wanted = {**request, "types": tuple(request["types"])}
        made = Webhook(
            call.command_id, call.organisation_id, meant=meant, secrets=(secret,), created_at=call.now,
            changed_state_at=call.now, **wanted,
        )  # fmt: skip
        kept = self.store.webhooks.create(made, *rules.said(made, "created"), actor=call.actor)
        return {**self._shown(kept), "secret": text}

    @answers(contract.LIST_WEBHOOKS)
    def list_webhooks(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """All of them, oldest first."""
        return {"items": [self._shown(each) for each in self.store.webhooks.of(call.organisation_id)]}

    @answers(contract.GET_WEBHOOK)
    def get_webhook(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One."""
        return self._shown(self._living(request, call))

    @answers(contract.CHANGE_WEBHOOK)
    def change_webhook(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another place or other events; parked, or resumed. As `create_webhook`."""
        known = self._living(request, call)
        if request.get("url", known.url) != known.url:
            self._check_place(request["url"])
        rule = partial(rules.change, wanted=request, meant=wanted_types(request.get("types", ())), now=call.now)
        kept = self.store.webhooks.update(known.id, call.organisation_id, rule, call.actor)
        if kept.state == contract.PARKED:
            self.store.deliveries.hold(kept.id)
        elif known.state == contract.PARKED:
            self.store.deliveries.resume(kept.id, call.now)
            self.desk.wake()
        return self._shown(kept)

    @answers(contract.ADD_WEBHOOK_SECRET)
    def add_webhook_secret(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A second secret, shown this once; from now on all is signed by both."""
        text = new_secret()
        secret = Secret(call.command_id, seal(self.desk.key, request["webhook_id"], text), call.now)
        return {**self._changed(request, partial(rules.add_secret, secret=secret), call), "secret": text}

    @answers(contract.REMOVE_WEBHOOK_SECRET)
    def remove_webhook_secret(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Nothing is signed by it from now on."""
        return self._changed(request, partial(rules.remove_secret, secret_id=request["secret_id"]), call)

    @answers(contract.REMOVE_WEBHOOK)
    def remove_webhook(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Nothing is sent to it from now on, and nothing of what was sent is kept."""
        kept = self.store.webhooks.update(request["webhook_id"], call.organisation_id, rules.remove, call.actor)
        self.store.deliveries.forget(kept.id)
        return {"ok": True}

    @answers(contract.TEST_WEBHOOK)
    def test_webhook(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """An event of its own is sent once, also where it is parked; what came of it is among the deliveries."""
        known = self._living(request, call)
        id = follow(call.command_id, "event")
        tested = {
            "specversion": "1.0",
            "id": id,
            "source": "/integrations",
            "type": contract.TESTED,
            "subject": f"webhook_test/{id}",
            "time": instant_text(call.now),
            "datacontenttype": "application/json",
            "organisationid": call.organisation_id,
            "sequence": sequence_text(1),
            "actorid": call.actor.id,
            "data": {"webhook_id": known.id},
        }
        [made] = deliveries.test_of(known, tested, call.now)
        self.store.deliveries.add([made], call.now)
        self.desk.wake()
        return delivery_view(self.store.deliveries.get(made["_id"], known.id))

    @answers(contract.LIST_DELIVERIES)
    def list_deliveries(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of what was and is to be sent, newest first."""
        known, limit = self._living(request, call), request["limit"]
        found = self.store.deliveries.newest(known.id, request["state"], request["cursor"], limit + 1)
        cursor = found[limit - 1]["_id"] if len(found) > limit else None
        return {"items": [delivery_view(each) for each in found[:limit]], "cursor": cursor}

    @answers(contract.SEND_AGAIN)
    def send_again(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more time, whatever became of it. Raises Conflict where the webhook is parked."""
        known = self._sending(request, call)
        kept = self.store.deliveries.send_again(request["delivery_id"], known.id, call.now)
        self.desk.wake()
        return delivery_view(kept)

    @answers(contract.SEND_RANGE_AGAIN)
    def send_range_again(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The log of a time, from the events that it is for. Raises Conflict where it is parked, and Invalid for too long a time."""
        known, most = self._sending(request, call), contract.MOST_SENT_AGAIN
        found = self.store.said_between(
            known.organisation_id, request["starts_from"], request["starts_until"], known.meant, most + 1
        )
        if len(found) > most:
            detail = f"More than {most} events were said in that time. Send a shorter one again."
            raise Invalid(detail, errors=[{"pointer": "/starts_until", "detail": detail}])
        made = [
            each
            for position, envelope in found
            for each in deliveries.deliveries_of(known, envelope, position, call.now, f" again {call.command_id}")
        ]
        self.store.deliveries.add(made, call.now)
        self.desk.wake()
        return {"count": len(made)}

    @every(seconds=30.0)
    def free_what_was_held(self) -> None:
        """What was kept for a parked webhook at the very moment when it was resumed is sent too."""
        for each in self.store.webhooks.find({"removed": False, "state": {"$ne": contract.PARKED}}):
            self.store.deliveries.resume(each.id, each.changed_state_at, anew=False)

    def _check_place(self, url: str) -> None:
        """Raises Invalid for what may not be posted to."""
        try:
            self.desk.outside.check(url)
        except (Away, NotAllowed) as refused:
            raise Invalid(str(refused), errors=[{"pointer": "/url", "detail": str(refused)}]) from refused

    def _living(self, request: dict[str, Any], call: Call) -> Webhook:
        found = self.store.webhooks.get(request["webhook_id"], call.organisation_id)
        rules.check_lives(found)
        return found

    def _sending(self, request: dict[str, Any], call: Call) -> Webhook:
        found = self._living(request, call)
        if found.state == contract.PARKED:
            raise Conflict("This webhook is parked. Resume it first.")
        return found

    def _changed(self, request: dict[str, Any], rule: Any, call: Call) -> dict[str, Any]:
        return self._shown(self.store.webhooks.update(request["webhook_id"], call.organisation_id, rule, call.actor))

    def _shown(self, webhook: Webhook) -> dict[str, Any]:
        return webhook_view(webhook, self.store.deliveries.waiting(webhook.id))
