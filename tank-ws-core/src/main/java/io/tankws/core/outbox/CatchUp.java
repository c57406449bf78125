package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.Message;
import io.tankws.core.event.Counters;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The topics with a history on which one client is behind. It knows positions and no messages, so its size is bounded
 * by the number of subscriptions. Created when the client first falls behind. Guarded by the lock of the {@link
 * Outbox}.
 *
 * <p>A client that is behind on a topic skips the live publications of the topic. When its outbox has drained, it reads
 * the history in pages. After the last page it takes live publications again. The decision falls under the same lock as
 * each live publication, so each one is either part of a page or follows the last page.
 */
final class CatchUp {
    /** Maximum number of publications of a page. */
    static final int MAX_PAGE = MessageBatch.MAX_PART_MESSAGES;
    /** Time after a failed reading of a history. */
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final OutboxQueue queue;
    private final ClientLimits limits;
    private final Counters counters;
    /** Topics by name, the one that was read least recently first. */
    private final Map<String, BehindTopic> topics = new LinkedHashMap<>();

    /** Number of topics that are not live. */
    private int behind;
    /** Running time since which the client has been behind. */
    private long since;
    /** True while pages are requested or read. */
    private boolean reading;
    /** True if the last reading has failed, until it is repeated. */
    private boolean failed;
    /** Running time at which a failed reading is repeated. */
    private long pausedUntil;

    CatchUp(OutboxQueue queue, ClientLimits limits, Counters counters) {
        this.queue = queue;
        this.limits = limits;
        this.counters = counters;
    }

    /** Returns whether the client is behind on a topic. */
    boolean isBehind() {
        return behind > 0;
    }

    /** Returns whether the client has been behind for too long. */
    boolean isOverdue(long now) {
        return behind > 0 && now - since > limits.catchUpTime().toNanos();
    }

    /** Returns whether the client is or was behind on the topic of a batch, so that {@link #admits} must be asked. */
    boolean concerns(MessageBatch batch) {
        return topics.containsKey(batch.topic());
    }

    /**
     * Returns whether a live message is to be queued. Otherwise the pages contain it or will contain it, or it is not
     * kept and would overtake them.
     *
     * @param publication position in the history, or {@code null} if the message has none
     */
    boolean admits(Message message, @Nullable TopicPosition publication) {
        BehindTopic topic = topics.get(publication == null ? message.topic().orElse(null) : publication.topic());
        if (topic == null) {
            return true;
        }
        if (publication == null) {
            return topic.isLive();
        }
        if (!topic.isLive()) {
            topic.skipped(publication);
            return false;
        }
        if (topic.contains(publication)) {
            return false;
        }
        topics.remove(topic.name);
        return true;
    }

    /**
     * Leaves a message to the history of its topic, if it has one. A message without a position must not overtake the
     * publications of its topic that the client is going to read.
     *
     * @param publication position in the history, or {@code null} if the message has none
     * @return {@code false} if the client must get the message now
     */
    boolean defer(Message message, @Nullable TopicPosition publication) {
        if (publication == null) {
            BehindTopic topic = topics.get(message.topic().orElse(null));
            return topic != null && !topic.isLive();
        }
        BehindTopic topic = topics.get(publication.topic());
        if (topic == null) {
            topic = new BehindTopic(publication.topic(), publication.before());
            topics.put(topic.name, topic);
            fallBehind();
        } else if (topic.isLive()) {
            fallBehind();
        }
        topic.dropped(publication);
        return true;
    }

    private void fallBehind() {
        if (behind++ == 0) {
            since = RunningTime.nanoTime();
        }
    }

    /** Ends the catching up on a topic, because the client has unsubscribed or the history has lost publications. */
    void forget(String name) {
        BehindTopic topic = topics.remove(name);
        if (topic != null && topic.isBehind()) {
            behind--;
        }
    }

    /** Ends the reading of a topic whose subscription is about to end. It stays here until then. */
    void abandon(HistoryRequest request) {
        request.behind().abandon();
        behind--;
    }

    /** Ends the pause after a failure if it is over. Returns whether pages must be requested now. */
    boolean retry(long now) {
        failed = failed && now - pausedUntil < 0;
        return isDue();
    }

    private boolean isDue() {
        return behind > 0 && !reading && !failed && queue.isDrained();
    }

    /** Returns whether pages must be requested now. */
    boolean begin() {
        boolean due = isDue();
        reading |= due;
        return due;
    }

    /** Records that a history could not be read, so that it is read again later. */
    void fail(long now) {
        reading = false;
        failed = true;
        pausedUntil = now + RETRY_NANOS;
    }

    /**
     * Returns the next page to read, of the topic that was read least recently. Returns {@code null} if the outbox has
     * no room, the client has caught up, or the last reading has failed. A page leaves as one write, and it does not
     * fill the outbox so far that senders are slowed down.
     */
    @Nullable
    HistoryRequest next() {
        if (queue.isDrained() && !failed) {
            for (BehindTopic topic : topics.values()) {
                if (topic.isBehind()) {
                    topics.remove(topic.name);
                    topics.put(topic.name, topic);
                    int publications = Math.max(1, Math.min(topic.pageSize, limits.outboxMessages() / 4));
                    long bytes = Math.min(OutboxQueue.MAX_WRITE_BYTES, limits.outboxBytes() / 4);
                    return new HistoryRequest(topic, topic.position, publications, bytes);
                }
            }
        }
        reading = false;
        return null;
    }

    /** Returns whether a page still continues from the position of its topic. */
    boolean isCurrent(HistoryRequest request) {
        BehindTopic topic = request.behind();
        return topics.get(topic.name) == topic && topic.isBehind() && topic.position.equals(request.since());
    }

    /**
     * Queues the publications of a page, as many as the outbox has room for. Returns to live delivery after the last
     * one of the history.
     */
    void addPage(RecoveredPage page, long now, boolean writing) {
        if (!isCurrent(page.request())) {
            return;
        }
        BehindTopic topic = page.request().behind();
        int queued = 0;
        for (RecoveredPage.Entry entry : page.entries()) {
            Message message = entry.message();
            if (message != null) {
                if (writing && queue.excess(message) != null) {
                    break;
                }
                counters.recovered.increment();
                queue.add(message, new TopicPosition(topic.name, entry.position()), now);
            }
            topic.position = entry.position();
            queued++;
        }
        boolean hadRoom = page.isWhole() && queued == page.entries().size();
        topic.pageSize = hadRoom ? Math.min(MAX_PAGE, 2 * topic.pageSize) : Math.max(1, queued);
        if (hadRoom && page.reachesTop()) {
            endPages(topic, queued > 0, now);
        }
    }

    private void endPages(BehindTopic topic, boolean hasProgress, long now) {
        if (topic.tryReturn()) {
            behind--;
        } else if (!hasProgress) {
            // The history does not have a publication yet that this node has delivered. It must not be read in a loop.
            fail(now);
        }
    }
}
