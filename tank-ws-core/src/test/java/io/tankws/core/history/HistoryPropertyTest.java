package io.tankws.core.history;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** After any sequence of commands the history has the positions and publications of its model. */
class HistoryPropertyTest {
    @Property
    void positionsAreThoseOfTheModel(@ForAll("commands") List<HistoryCommand> commands) {
        HistoryModel model = new HistoryModel();
        for (HistoryCommand command : commands) {
            model.run(command);
        }
        model.expire();
    }

    @Provide
    Arbitrary<List<HistoryCommand>> commands() {
        Arbitrary<HistoryCommand.Action> actions = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(HistoryCommand.Action.APPEND)),
                Tuple.of(3, Arbitraries.of(HistoryCommand.Action.class)));
        Arbitrary<Integer> topics = Arbitraries.integers().between(0, HistoryModel.TOPICS - 1);
        Arbitrary<Integer> arguments = Arbitraries.integers().between(0, 120);
        return Combinators.combine(actions, topics, arguments)
                .as(HistoryCommand::new)
                .list()
                .ofMaxSize(80);
    }
}
