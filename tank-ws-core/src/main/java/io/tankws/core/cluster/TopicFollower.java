package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.StreamPosition;
import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.StartSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The publications of one topic with history on this node, in the order of their offsets. It drops publications that
 * arrive twice, and reads a hole from the shared history while later publications wait. Publications that it cannot
 * read are reported as missed.
 *
 * <p>Its monitor guards its state. No call leaves this class under the monitor.
 *
 * <p>This file is longer than 400 lines because one monitor guards all of it.
 */
final class TopicFollower implements StartSource {
    /** Maximum number of arrivals that wait for a read. Further publications are read again afterwards. */
    static final int MAX_WAITING = 1024;
    /** Maximum bytes of payload that wait for a read. */
    static final int MAX_WAITING_BYTES = 1024 * 1024;
    /** Maximum number of publications of one read. */
    static final int PAGE = 256;
    /** Maximum number of attempts to read a hole while the backplane is available. */
    static final int MAX_ATTEMPTS = 3;
    /** Time before the second attempt in nanoseconds. It doubles with each further one. */
    private static final long RETRY_DELAY = 100_000_000;
    /** Maximum number of remembered earlier epochs, whose late publications are dropped. */
    private static final int MAX_PAST_EPOCHS = 8;

    private enum State {
        /** No channel is subscribed yet, or the top of the history could not be read. */
        UNKNOWN,
        /** The top of the history is being read. */
        BEGINNING,
        /** Each publication is delivered when it arrives. */
        FOLLOWING,
        /** Arrivals wait, because a part of the history is being read, or will be read again. */
        READING
    }

    /**
     * A publication, or messages without a position that are already encoded, or a new position of the topic.
     *
     * @param excluded id of the client of this node that gets nothing, or {@code null} if there is none
     * @param jump position that follows a loss, or {@code null} for messages
     */
    private record Arrival(
            @Nullable Publication publication,
            List<Message> messages,
            @Nullable String excluded,
            @Nullable StreamPosition jump) {
        Arrival(Publication publication, @Nullable String excluded) {
            this(publication, List.of(), excluded, null);
        }

        boolean hasPosition() {
            return publication != null && publication.offset() > 0;
        }

        int bytes() {
            int bytes = publication == null ? 0 : publication.payload().size();
            for (Message message : messages) {
                bytes += message.size();
            }
            return bytes;
        }
    }

    private final String topic;
    private final FollowedTopics node;
    private State state = State.UNKNOWN;
    private boolean subscribed;
    private boolean closed;
    /** Position of the last publication that was accepted for delivery, or {@code null} if there is none. */
    private @Nullable StreamPosition accepted;

    private volatile @Nullable StreamPosition first;
    private volatile @Nullable StreamPosition entered;
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private int waitingBytes;
    /** True if publications were dropped because too many wait. They are read again. */
    private boolean overflowed;

    /** Running time of the last position check, or {@code null} before the first. */
    private @Nullable Long checkedAt;
    /** Position at the last check, or {@code null} if there was none. */
    private @Nullable StreamPosition checked;

    private int attempts;
    private int fruitlessReads;
    private final Deque<String> pastEpochs = new ArrayDeque<>();
    private List<Arrival> ready = new ArrayList<>();
    private boolean delivering;
    /** Stages of {@link #following}. */
    private Set<CompletableFuture<Void>> beginnings = new LinkedHashSet<>();
    /** Stages of {@link #catchUp}. */
    private Set<CompletableFuture<Void>> catchingUp = new LinkedHashSet<>();
    /** Actions after the first read. */
    private final Queue<Runnable> afterBeginning = new ArrayDeque<>();

    TopicFollower(String topic, FollowedTopics node) {
        this.topic = topic;
        this.node = node;
    }

    @Override
    public @Nullable StreamPosition entered() {
        return entered;
    }

    @Override
    public @Nullable StreamPosition first() {
        return first;
    }

    /**
     * Begins after the channel was subscribed, or continues after a reconnection.
     *
     * @param then action to run when the position of the topic is known or cannot be read
     */
    void subscribed(Runnable then) {
        boolean now;
        synchronized (this) {
            subscribed = true;
            attempts = 0;
            now = accepted != null || closed;
            if (!now) {
                afterBeginning.add(then);
            }
        }
        if (now) {
            then.run();
            repair();
        } else {
            beginReading();
        }
    }

    private void beginReading() {
        synchronized (this) {
            if (state != State.UNKNOWN || closed) {
                return;
            }
            state = State.BEGINNING;
        }
        node.reads().submit(() -> node.store().top(topic), this::onTop);
    }

    /** Continues with the position of the topic. Publications up to it precede the subscription of this node. */
    private void onTop(@Nullable StreamPosition top, @Nullable Throwable failure) {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            if (state != State.BEGINNING) {
                return;
            }
            if (top != null) {
                begin(beforeFirstWaiting(top));
            }
            drain(then);
            state = accepted == null ? State.UNKNOWN : state;
            Set<CompletableFuture<Void>> stages = beginnings;
            beginnings = new LinkedHashSet<>();
            stages.forEach(stage -> then.add(() -> {
                if (top != null) {
                    stage.complete(null);
                } else {
                    stage.completeExceptionally(
                            PendingPublish.toBackplaneException(failure == null ? new AssertionError() : failure));
                }
            }));
            for (Runnable action = afterBeginning.poll(); action != null; action = afterBeginning.poll()) {
                then.add(action);
            }
        }
        deliver();
        then.run();
    }

    private void begin(StreamPosition position) {
        accepted = position;
        entered = position;
        first = position;
    }

    /** Returns a position that no waiting publication precedes. */
    private StreamPosition beforeFirstWaiting(StreamPosition top) {
        for (Arrival arrival : waiting) {
            if (arrival.hasPosition()) {
                StreamPosition before = before(arrival);
                boolean earlier = !before.epoch().equals(top.epoch()) || before.offset() < top.offset();
                return earlier ? before : top;
            }
        }
        return top;
    }

    private static StreamPosition before(Arrival arrival) {
        StreamPosition position = position(arrival);
        return new StreamPosition(position.epoch(), position.offset() - 1);
    }

    private static StreamPosition position(Arrival arrival) {
        return arrival.publication == null ? StreamPosition.NONE : arrival.publication.position();
    }

    /**
     * Receives a publication. A call of {@link #deliver} follows.
     *
     * @param excluded id of the client of this node that gets nothing, or {@code null} if there is none
     */
    void receive(Publication publication, @Nullable String excluded) {
        receive(new Arrival(publication, excluded));
    }

    /** Receives messages without a position. A call of {@link #deliver} follows. */
    void receive(List<Message> messages) {
        receive(new Arrival(null, messages, null, null));
    }

    private void receive(Arrival arrival) {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            if (state == State.BEGINNING || state == State.READING) {
                hold(arrival, then);
            } else if (!accept(arrival, then)) {
                hold(arrival, then);
                startReading(then);
            }
        }
        then.run();
    }

    private void hold(Arrival arrival, DeferredActions then) {
        int bytes = arrival.bytes();
        if (waiting.size() < MAX_WAITING && (waiting.isEmpty() || waitingBytes + bytes <= MAX_WAITING_BYTES)) {
            waiting.add(arrival);
            waitingBytes += bytes;
        } else if (arrival.hasPosition()) {
            overflowed = true;
        } else {
            int count = Math.max(1, arrival.messages.size());
            then.add(() -> node.losses().missedPublications(topic, count, true));
        }
    }

    /** Accepts an arrival for delivery or drops it. Returns {@code false} if it follows a hole. */
    private boolean accept(Arrival arrival, DeferredActions then) {
        if (!arrival.hasPosition()) {
            ready.add(arrival);
            return true;
        }
        StreamPosition position = position(arrival);
        StreamPosition last = accepted;
        if (last == null) {
            begin(before(arrival));
            state = State.FOLLOWING;
        } else if (!position.epoch().equals(last.epoch())) {
            if (pastEpochs.contains(position.epoch())) {
                return true;
            }
            breakTo(before(arrival), then);
        } else if (position.offset() <= last.offset()) {
            return true;
        } else if (position.offset() > last.offset() + 1) {
            return false;
        }
        accepted = position;
        ready.add(arrival);
        return true;
    }

    /** Continues at a position that does not follow the last one, and reports the break. */
    private void breakTo(StreamPosition next, DeferredActions then) {
        StreamPosition last = accepted;
        if (last != null && !last.epoch().equals(next.epoch())) {
            pastEpochs.add(last.epoch());
            if (pastEpochs.size() > MAX_PAST_EPOCHS) {
                pastEpochs.remove();
            }
        }
        long from = last == null ? 0 : last.offset();
        long count = Math.max(1, next.offset() > from ? next.offset() - from : next.offset());
        jump(next);
        then.add(() -> node.losses().missedPublications(topic, count, false));
    }

    private void jump(StreamPosition next) {
        accepted = next;
        ready.add(new Arrival(null, List.of(), null, next));
    }

    /** Reads what this node may have missed. */
    void repair() {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            if (closed) {
                return;
            }
            if (state == State.FOLLOWING || state == State.READING && node.isRetrying(this)) {
                startReading(then);
            }
        }
        then.run();
    }

    /**
     * Compares the position of this node with that of the shared history, unless a publication has arrived since the
     * last check. Without later publications, nothing else reveals a publication that was lost.
     *
     * @param now running time in nanoseconds
     * @param interval time between two checks in nanoseconds
     */
    void checkPosition(long now, long interval) {
        synchronized (this) {
            if (checkedAt == null) {
                // The checks of many topics are spread over the interval.
                checkedAt = now - Math.floorMod(topic.hashCode() * 0x9E3779B97F4A7C15L, interval);
            }
            if (now - checkedAt < interval || state != State.FOLLOWING || closed) {
                return;
            }
            checkedAt = now;
            boolean isIdle = accepted != null && accepted.equals(checked);
            checked = accepted;
            if (!isIdle) {
                return;
            }
        }
        node.reads().submit(() -> node.store().top(topic), (top, failure) -> onCheckedTop(top));
    }

    /** Repairs a position that differs. A check that fails is repeated after the interval. */
    private void onCheckedTop(@Nullable StreamPosition top) {
        boolean differs;
        synchronized (this) {
            differs = top != null && state == State.FOLLOWING && !top.equals(accepted);
        }
        if (differs) {
            repair();
        }
    }

    private void startReading(DeferredActions then) {
        state = State.READING;
        StreamPosition since = accepted;
        if (since != null) {
            HistoryQuery query = HistoryQuery.builder().since(since).limit(PAGE).build();
            then.add(() -> node.reads().submit(() -> node.store().read(topic, query), this::onRead));
        }
    }

    private void onRead(@Nullable HistoryResult result, @Nullable Throwable failure) {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            if (closed) {
                return;
            }
            if (result == null) {
                retry(then);
            } else {
                attempts = 0;
                if (result instanceof HistoryPage page) {
                    accept(page, then);
                } else {
                    breakTo(beforeFirstWaitingOf(result.top()), then);
                    drain(then);
                }
            }
        }
        deliver();
        then.run();
    }

    /** Returns the position of a new epoch that no waiting publication of this epoch precedes. */
    private StreamPosition beforeFirstWaitingOf(StreamPosition top) {
        for (Arrival arrival : waiting) {
            if (arrival.hasPosition() && position(arrival).epoch().equals(top.epoch())) {
                StreamPosition before = before(arrival);
                return before.offset() < top.offset() ? before : top;
            }
        }
        return top;
    }

    private void retry(DeferredActions then) {
        attempts++;
        if (attempts < MAX_ATTEMPTS || !node.isConnected()) {
            long delay = RETRY_DELAY << (Math.min(attempts, MAX_ATTEMPTS) - 1);
            then.add(() -> node.retryLater(this, delay));
        } else {
            attempts = 0;
            giveUp(then);
        }
    }

    /** Reads again after a failure. */
    void readAgain() {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            if (state == State.READING && !closed) {
                startReading(then);
            }
        }
        then.run();
    }

    private void accept(HistoryPage page, DeferredActions then) {
        StreamPosition last = accepted;
        if (last == null) {
            return;
        }
        List<Publication> publications = page.publications();
        long next = publications.isEmpty()
                ? page.top().offset() + 1
                : publications.get(0).offset();
        if (next > last.offset() + 1) {
            long missed = next - last.offset() - 1;
            then.add(() -> node.losses().missedPublications(topic, missed, true));
            jump(new StreamPosition(last.epoch(), next - 1));
        }
        for (Publication publication : publications) {
            accept(new Arrival(publication, null), then);
        }
        boolean progress = !last.equals(accepted);
        fruitlessReads = progress ? 0 : fruitlessReads + 1;
        if (page.hasMore() && progress) {
            startReading(then);
        } else {
            drain(then);
        }
    }

    /** Accepts the waiting arrivals, and reads again if a hole remains. */
    private void drain(DeferredActions then) {
        state = State.FOLLOWING;
        while (!waiting.isEmpty() && accept(waiting.peek(), then)) {
            waitingBytes -= waiting.remove().bytes();
        }
        if (!waiting.isEmpty() && fruitlessReads >= MAX_ATTEMPTS) {
            giveUp(then);
        } else if (!waiting.isEmpty() || overflowed) {
            overflowed = overflowed && !waiting.isEmpty();
            startReading(then);
        } else {
            fruitlessReads = 0;
            Set<CompletableFuture<Void>> stages = catchingUp;
            catchingUp = new LinkedHashSet<>();
            stages.forEach(stage -> then.add(() -> stage.complete(null)));
        }
    }

    /** Reports the hole before the waiting publications as missed, and continues after it. */
    private void giveUp(DeferredActions then) {
        fruitlessReads = 0;
        StreamPosition last = accepted;
        for (Arrival arrival : waiting) {
            StreamPosition position = position(arrival);
            if (last != null && position.epoch().equals(last.epoch()) && position.offset() > last.offset() + 1) {
                long missed = position.offset() - last.offset() - 1;
                jump(before(arrival));
                then.add(() -> node.losses().missedPublications(topic, missed, true));
                break;
            }
            if (arrival.hasPosition()) {
                break;
            }
        }
        drain(then);
    }

    /** Delivers the accepted arrivals in order. One thread delivers at a time. The caller must hold no lock. */
    void deliver() {
        synchronized (this) {
            if (delivering) {
                return;
            }
            delivering = true;
        }
        for (List<Arrival> next = takeReady(); !next.isEmpty(); next = takeReady()) {
            deliver(next);
        }
    }

    private synchronized List<Arrival> takeReady() {
        List<Arrival> taken = ready;
        delivering = !taken.isEmpty();
        ready = taken.isEmpty() ? taken : new ArrayList<>();
        return taken;
    }

    private void deliver(List<Arrival> arrivals) {
        List<Publication> run = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            if (arrival.publication != null && arrival.hasPosition() && arrival.excluded == null) {
                run.add(arrival.publication);
            } else {
                deliver(run, null);
                run = new ArrayList<>();
                deliver(arrival);
            }
        }
        deliver(run, null);
    }

    private void deliver(Arrival arrival) {
        Publication publication = arrival.publication;
        StreamPosition jump = arrival.jump;
        if (jump != null) {
            isolated(1, () -> node.router().jump(topic, () -> enter(jump)));
        } else if (publication == null) {
            isolated(
                    arrival.messages.size(),
                    () -> node.router().publish(topic, MessageBatch.of(arrival.messages), node));
        } else if (arrival.hasPosition()) {
            deliver(List.of(publication), arrival.excluded);
        } else {
            isolated(1, () -> node.router().deliver(publication, arrival.excluded));
        }
    }

    private void deliver(List<Publication> run, @Nullable String excluded) {
        if (!run.isEmpty()) {
            isolated(run.size(), () -> node.router().deliver(topic, run, excluded, this::enter, node));
        }
    }

    private void enter(StreamPosition position) {
        entered = position;
    }

    /** Delivers messages. A failure is reported and does not stop the rest. */
    private void isolated(int messages, Runnable delivery) {
        try {
            delivery.run();
        } catch (RuntimeException | Error e) {
            node.losses().undelivered(topic, messages, e);
        }
    }

    @Override
    public CompletionStage<Void> following() {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        boolean again;
        synchronized (this) {
            if (accepted != null && first != null) {
                return CompletableFuture.completedStage(null);
            }
            if (closed) {
                return CompletableFuture.failedStage(closedError());
            }
            beginnings.add(stage);
            again = subscribed;
        }
        CompletionStage<Void> bounded = node.bound(stage);
        stage.whenComplete((nothing, failure) -> forget(stage));
        if (again) {
            beginReading();
        }
        return bounded;
    }

    private synchronized void forget(CompletableFuture<Void> stage) {
        beginnings.removeIf(other -> other == stage);
        catchingUp.removeIf(other -> other == stage);
    }

    @Override
    public CompletionStage<HistoryResult> read(HistoryQuery query) {
        return node.read(topic, query);
    }

    @Override
    public CompletionStage<Void> catchUp() {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedStage(null);
            }
            catchingUp.add(stage);
        }
        CompletionStage<Void> bounded = node.bound(stage);
        stage.whenComplete((nothing, failure) -> forget(stage));
        repair();
        return bounded.exceptionally(late -> null);
    }

    /** Ends after the channel was left. */
    void close() {
        List<CompletableFuture<Void>> stages;
        synchronized (this) {
            closed = true;
            stages = new ArrayList<>(beginnings);
            stages.addAll(catchingUp);
            beginnings.clear();
            catchingUp.clear();
            waiting.clear();
        }
        stages.forEach(stage -> stage.completeExceptionally(closedError()));
    }

    private static BackplaneException closedError() {
        return new BackplaneException(BackplaneException.Reason.NOT_RUNNING, "the topic has no subscriber", null);
    }
}
