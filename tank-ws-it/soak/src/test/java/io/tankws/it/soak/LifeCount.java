package io.tankws.it.soak;

import io.tankws.ConnectionEvent;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Flow;

/** Holds that each connection has one connect event and then one disconnect event, without holding the events. */
final class LifeCount implements Flow.Subscriber<ConnectionEvent> {
    private final Set<String> open = new HashSet<>();
    private long begun;
    private long ended;
    private String violation = "";

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(ConnectionEvent event) {
        String id = event.client().id();
        switch (event.type()) {
            case CONNECT -> {
                begun++;
                note(open.add(id), "a second connect of " + id);
            }
            case DISCONNECT -> {
                ended++;
                note(open.remove(id), "a disconnect without a connect, or a second one, of " + id);
            }
            default -> note(open.contains(id), event.type() + " of " + id + ", which is not connected");
        }
    }

    private void note(boolean kept, String otherwise) {
        violation = kept || !violation.isEmpty() ? violation : otherwise;
    }

    @Override
    public synchronized void onError(Throwable cause) {
        note(false, "failed with " + cause);
    }

    @Override
    public void onComplete() {}

    synchronized long begun() {
        return begun;
    }

    synchronized long ended() {
        return ended;
    }

    /** Empty if there was none. */
    synchronized String violation() {
        return violation;
    }
}
