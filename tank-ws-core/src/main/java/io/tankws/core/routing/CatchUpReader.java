package io.tankws.core.routing;

import io.tankws.HistoryPage;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.core.outbox.HistoryRequest;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.outbox.RecoveredPage;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.support.FailureLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reader of histories for clients that are behind. It reads a page when the outbox of a client has room for it, so
 * each client sets its own pace. A page is one task of the executor, so the pages of many clients take turns, and at
 * most one page of a client is in memory.
 */
public final class CatchUpReader {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    private final TopicHistories histories;
    private final Executor executor;
    private final FailureLog failures = new FailureLog(LOG::error);

    /**
     * Creates a reader.
     *
     * @param executor executor of the tasks, which never block
     */
    public CatchUpReader(TopicHistories histories, Executor executor) {
        this.histories = histories;
        this.executor = executor;
    }

    /**
     * Reads pages until the outbox has no room or the client has caught up.
     *
     * @param encodings function from a topic to the encoding of its subscription, or to {@code null} if there is none
     */
    public void start(Outbox outbox, Function<String, @Nullable ProtocolEncoding> encodings) {
        executor.execute(() -> read(outbox, encodings));
    }

    private void read(Outbox outbox, Function<String, @Nullable ProtocolEncoding> encodings) {
        HistoryRequest request = outbox.nextPage();
        if (request != null) {
            ask(request)
                    .whenComplete((result, failure) -> executor.execute(() -> {
                        take(outbox, encodings, request, failure == null ? result : null, failure);
                        read(outbox, encodings);
                    }));
        }
    }

    private CompletionStage<HistoryResult> ask(HistoryRequest request) {
        try {
            return histories.readMissed(request.topic(), request.query());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void take(
            Outbox outbox,
            Function<String, @Nullable ProtocolEncoding> encodings,
            HistoryRequest request,
            @Nullable HistoryResult result,
            @Nullable Throwable failure) {
        if (failure != null) {
            failures.report("a history could not be read for a client that is behind; it is read again", failure);
            outbox.postponeRecovery();
        } else if (result instanceof HistoryPage page && page.isComplete()) {
            ProtocolEncoding encoding = encodings.apply(request.topic());
            if (encoding == null) {
                outbox.forget(request.topic());
            } else {
                outbox.recover(encode(request, page, encoding));
                outbox.flush();
            }
        } else {
            outbox.abandonRecovery(request);
        }
    }

    private static RecoveredPage encode(HistoryRequest request, HistoryPage page, ProtocolEncoding encoding) {
        RecoveredPage recovered = new RecoveredPage(request);
        boolean hasRoom = true;
        for (Publication publication : page.publications()) {
            Message message = encoding.encode(publication).orElse(null);
            hasRoom = hasRoom && recovered.add(publication.position(), message);
            if (!hasRoom) {
                break;
            }
        }
        if (hasRoom && !page.hasMore()) {
            recovered.reachTop();
        }
        return recovered;
    }
}
