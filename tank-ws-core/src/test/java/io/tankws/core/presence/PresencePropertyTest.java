package io.tankws.core.presence;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** After any sequence of commands a topic has the members and the events of its model. */
class PresencePropertyTest {
    @Property
    void membersAndEventsAreThoseOfTheModel(@ForAll("commands") List<PresenceCommand> commands) {
        PresenceModel model = new PresenceModel();
        commands.forEach(model::run);
        model.end();
    }

    @Provide
    Arbitrary<List<PresenceCommand>> commands() {
        Arbitrary<PresenceCommand.Action> actions = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.of(PresenceCommand.Action.SUBSCRIBE, PresenceCommand.Action.DISCONNECT)),
                Tuple.of(3, Arbitraries.of(PresenceCommand.Action.class)));
        Arbitrary<Integer> clients = Arbitraries.integers().between(0, PresenceModel.CLIENTS - 1);
        return Combinators.combine(actions, clients)
                .as(PresenceCommand::new)
                .list()
                .ofMaxSize(60);
    }
}
