from services.media.placement import Census, Node, choose, node_key


def node(name: str, **changes: object) -> Node:
    values = {"participants": 0, "capacity": 100, "cpu": 0.1, "draining": False, "placed": 0, **changes}
    return Node(id=name, key=f"{name}@1.000", **values)  # type: ignore[arg-type]


def test_the_least_loaded_node_is_chosen() -> None:
    assert choose([node("a", participants=40), node("b", participants=30)]) == node("b", participants=30)


def test_load_is_a_share_of_what_a_node_is_meant_for() -> None:
    small, large = node("small", participants=10, capacity=20), node("large", participants=30, capacity=200)
    assert choose([small, large]) == large


def test_calls_placed_since_the_last_report_count() -> None:
    assert choose([node("a", placed=5), node("b", participants=5)]) == node("b", participants=5)


def test_a_busy_processor_counts_although_few_are_seated() -> None:
    assert choose([node("a", cpu=0.95), node("b", participants=50)]) == node("b", participants=50)


def test_a_draining_node_gets_no_new_call() -> None:
    assert choose([node("a", draining=True), node("b", participants=99)]) == node("b", participants=99)
    assert choose([node("a", draining=True)]) is None


def test_a_node_to_avoid_is_taken_only_when_there_is_no_other() -> None:
    a, b = node("a"), node("b", participants=90)
    assert choose([a, b], avoid={a.key}) == b
    assert choose([a], avoid={a.key}) == a


def test_a_restarted_node_is_another_place() -> None:
    assert node_key("a", 1763805600.125) != node_key("a", 1763805601.125)


def test_a_node_that_lives_is_not_gone() -> None:
    assert not Census((node("a"),), steady=True).gone("a", "a@1.000")


def test_a_silent_node_is_gone_once_reports_have_been_steady() -> None:
    assert Census((node("b"),), steady=True).gone("a", "a@1.000")
    assert not Census((node("b"),), steady=False).gone("a", "a@1.000")


def test_a_node_that_was_started_again_is_gone_at_once() -> None:
    assert Census((node("a"),), steady=False).gone("a", "a@0.500")
