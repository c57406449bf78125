package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** Properties of a publisher's messages when other programs send messages in its name between them. */
class ForgedNodeMessagePropertyTest {
    /** Number of real messages after the last forged one. */
    private static final int REST = 100;
    /** Number of messages that may be lost after the last forged one: two runs, as a publisher is accepted then. */
    private static final int LOST_AFTERWARDS = 16;

    /** Number of forged messages whose offsets are all remembered, in any order. */
    private static final int REMEMBERED = 3;

    /** A message or a position in the name of a publisher, relative to its last offset. */
    record Forgery(boolean position, long streams, long numbers) {}

    /** Real messages, and then a forged one. */
    record Step(int real, Forgery forgery) {}

    /** A channel that counts the results of the messages that it receives. */
    private static final class World implements BackplaneChannel.Missed {
        final BackplaneChannel channel = new BackplaneChannel("t:news");
        final Set<List<Long>> taken = new HashSet<>();
        int forged;
        long reported;

        boolean arrive(long stream, long sequence) {
            byte[] bytes = NodeMessage.messages(1, 0, List.of(Message.text("x")));
            NodeMessage.number(bytes, stream, sequence);
            NodeMessage nodeMessage = NodeMessage.open(bytes);
            try {
                nodeMessage.requireNumbers();
            } catch (IllegalArgumentException garbage) {
                reported++;
                return false;
            }
            boolean isNew = channel.receive(nodeMessage, this);
            boolean again = isNew && !taken.add(List.of(stream, sequence));
            assertTrue(!again || forged > REMEMBERED, "a number was taken twice");
            return isNew;
        }

        @Override
        public void missed(BackplaneChannel where, long node, long count, boolean exact) {
            assertTrue(count > 0);
            reported += count;
        }

        @Override
        public void stale(BackplaneChannel where, long node, boolean counted) {
            reported += counted ? 0 : 1;
        }

        @Override
        public void leapt(BackplaneChannel where, long node) {
            reported++;
        }
    }

    /** {@link NodeMessage#positionReport()} rejects a position with other numbers. */
    private static boolean isNumber(long number) {
        return number > 0 && number <= NodeMessage.MAX_NUMBER;
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aPublisherIsHeardAgainAndEveryLossIsReported(
            @ForAll boolean deaf, @ForAll("starts") long start, @ForAll("steps") @Size(max = 30) List<Step> steps) {
        World world = new World();
        if (deaf) {
            world.channel.interrupt();
        }
        long stream = 5;
        long sequence = start;
        long lost = 0;
        for (Step step : steps) {
            for (int i = 0; i < step.real(); i++) {
                lost += world.arrive(stream, ++sequence) ? 0 : 1;
            }
            Forgery forgery = step.forgery();
            world.forged++;
            long forgedStream = stream + forgery.streams();
            long forgedSequence = sequence + forgery.numbers();
            if (!forgery.position()) {
                world.arrive(forgedStream, forgedSequence);
            } else if (isNumber(forgedStream) && isNumber(forgedSequence)) {
                world.channel.reconcile(
                        1, new NodeMessage.StreamPosition("t:news", forgedStream, forgedSequence), world);
            }
        }
        int lostAfterwards = 0;
        for (int i = 0; i < REST; i++) {
            lostAfterwards += world.arrive(stream, ++sequence) ? 0 : 1;
        }
        assertTrue(lostAfterwards <= LOST_AFTERWARDS, lostAfterwards + " lost after the last forgery");
        long all = lost + lostAfterwards;
        assertTrue(all <= world.reported, () -> all + " lost, but " + world.reported + " reported");
    }

    /** A message that is repeated in any order is not delivered again. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void repeatedMessagesAreDeliveredOnce(@ForAll("steps") @Size(max = 30) List<Step> steps) {
        World world = new World();
        long sequence = 0;
        long isNew = 0;
        for (Step step : steps) {
            for (int i = 0; i < step.real(); i++) {
                isNew += world.arrive(1, ++sequence) ? 1 : 0;
            }
            long repeated = Math.floorMod(step.forgery().numbers(), sequence + 1);
            world.arrive(1, repeated);
        }
        assertEquals(sequence, isNew);
    }

    @Provide
    Arbitrary<Long> starts() {
        return Arbitraries.of(0L, 1L, 1_000L, 1_000_000L, NodeMessage.MAX_NUMBER / 2);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> streams = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(0L)),
                Tuple.of(1, Arbitraries.longs().between(-4, 4)),
                Tuple.of(1, Arbitraries.longs()));
        Arbitrary<Long> numbers = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.longs().between(-20, 20)),
                Tuple.of(2, Arbitraries.longs().between(-100_000, 100_000)),
                Tuple.of(1, Arbitraries.longs()));
        Arbitrary<Forgery> forgeries = Combinators.combine(Arbitraries.of(false, false, false, true), streams, numbers)
                .as(Forgery::new);
        return Combinators.combine(Arbitraries.integers().between(0, 12), forgeries)
                .as(Step::new)
                .list();
    }
}
