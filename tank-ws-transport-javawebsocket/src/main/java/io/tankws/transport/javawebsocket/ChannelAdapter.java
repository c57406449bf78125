package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;
import org.java_websocket.WrappedByteChannel;

/** The part of the library's channel interface that always answers the same. */
abstract class ChannelAdapter implements WrappedByteChannel {
    /**
     * Returns {@code true}, so that the library does not change the key's interest. After the last write it would
     * overwrite the interest that another thread has set, and that thread's write would wait for ever.
     */
    @Override
    public boolean isNeedWrite() {
        return true;
    }

    /** Is never called, because the library's own queue stays empty. */
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
