package io.tankws.core.outbox;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** After any sequence of commands the client has received consecutive positions, and every message is counted. */
class CatchUpPropertyTest {
    @Property
    void theClientReceivesConsecutivePositions(@ForAll("commands") List<CatchUpCommand> commands) {
        CatchUpModel model = new CatchUpModel();
        for (CatchUpCommand command : commands) {
            model.run(command);
        }
        model.catchUp();
    }

    @Provide
    Arbitrary<List<CatchUpCommand>> commands() {
        Arbitrary<CatchUpCommand.Action> actions = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(CatchUpCommand.Action.PUBLISH)),
                Tuple.of(4, Arbitraries.of(CatchUpCommand.Action.class)));
        Arbitrary<Integer> topics = Arbitraries.integers().between(0, CatchUpModel.TOPICS - 1);
        Arbitrary<Integer> arguments = Arbitraries.integers().between(1, 12);
        return Combinators.combine(actions, topics, arguments)
                .as(CatchUpCommand::new)
                .list()
                .ofMaxSize(80);
    }
}
