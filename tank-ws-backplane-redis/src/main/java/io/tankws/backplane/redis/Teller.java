package io.tankws.backplane.redis;

import io.tankws.spi.BackplaneListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the node what happens, one call at a time; its lock guards which link is the present one. */
final class Teller {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    private interface Call {
        void on(BackplaneListener listener);
    }

    private final String name;
    private final BackplaneListener listener;
    /** {@code null} while there is none. */
    private volatile RedisLink link;

    private volatile boolean toComplete;
    private boolean up;
    private boolean downTold;
    private boolean closed;

    Teller(String name, BackplaneListener listener) {
        this.name = name;
        this.listener = listener;
    }

    /** The present link, {@code null} while there is none. */
    RedisLink link() {
        return link;
    }

    synchronized void link(RedisLink present) {
        link = present;
    }

    /** Gives up the present link, and tells whether it was this one. */
    synchronized boolean unlink(RedisLink gone) {
        boolean present = link == gone;
        link = present ? null : link;
        return present;
    }

    /** Tells that all is well, unless it was told or the link has gone; and whether it was told. */
    synchronized boolean up(RedisLink present) {
        if (up || present == null || link != present) {
            return false;
        }
        up = true;
        downTold = false;
        tell(BackplaneListener::onUp);
        return true;
    }

    synchronized void down(Throwable cause, Duration since) {
        up = false;
        if (!downTold) {
            downTold = true;
            tell(told -> told.onDown(cause, since));
        }
    }

    synchronized void subscribed(RedisLink from, String channel) {
        if (from == link) {
            tell(told -> told.onSubscribed(channel));
        }
    }

    synchronized void message(RedisLink from, String channel, byte[] message) {
        if (from == link) {
            toComplete = true;
            tell(told -> told.onMessage(channel, message));
        }
    }

    void readComplete() {
        if (toComplete) {
            synchronized (this) {
                toComplete = false;
                tell(BackplaneListener::onReadComplete);
            }
        }
    }

    /** Nothing is told any more. */
    synchronized void close() {
        closed = true;
    }

    private void tell(Call call) {
        if (closed) {
            return;
        }
        try {
            call.on(listener);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: what came from the backplane could not be dealt with", name, e);
        }
    }
}
