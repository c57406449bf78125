package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;
import org.java_websocket.WrappedByteChannel;

/** What the library asks of a channel and always gets the same answer to. */
abstract class ChannelAdapter implements WrappedByteChannel {
    /**
     * The library leaves a key's interest alone as long as there is more to write. Otherwise it would set it after the
     * last write, and undo what another thread has set in between: that thread's write would wait for ever.
     */
    @Override
    public boolean isNeedWrite() {
        return true;
    }

    /** The library's own queue stays empty. */
    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isNeedRead() {
        return false;
    }

    @Override
    public int readMore(ByteBuffer target) {
        return 0;
    }

    @Override
    public boolean isBlocking() {
        return false;
    }
}
