package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.support.FrameCursor;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * The writer of encoded frames to an HTTP/2 stream, which completes each write by a callback. The stream keeps a buffer
 * until it has been sent, so small frames are copied together and no buffer is borrowed from the pool.
 */
final class StreamWriter extends WriteSerializer implements FrameWriter {
    /** The largest total size in bytes of frames that are copied into one buffer. */
    private static final int MAX_COPIED_BYTES = 16 * 1024;

    private final EndPoint stream;
    private final Consumer<Throwable> onFailure;

    StreamWriter(EndPoint stream, Consumer<Throwable> onFailure) {
        this.stream = stream;
        this.onFailure = onFailure;
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        if (!enter()) {
            callBack(callback, new ClosedChannelException());
            return false;
        }
        new ChunkedWrite(stream, new Written(callback), buffers(frames), this).iterate();
        return false;
    }

    private static ByteBuffer[] buffers(List<Frame> frames) {
        long length = 0;
        for (Frame frame : frames) {
            length += frame.length();
        }
        if (frames.size() == 1 || length > MAX_COPIED_BYTES) {
            return frames.stream().map(Frame::bytes).toArray(ByteBuffer[]::new);
        }
        ByteBuffer copy = ByteBuffer.allocate((int) length);
        new FrameCursor(frames).copyTo(copy);
        return new ByteBuffer[] {copy.flip()};
    }

    private final class Written implements Callback {
        private final WriteCallback callback;

        Written(WriteCallback callback) {
            this.callback = callback;
        }

        @Override
        public void succeeded() {
            Runnable next = leave();
            callBack(callback, null);
            next.run();
        }

        /** Ends the stream, because a part of a frame may have been sent. */
        @Override
        public void failed(Throwable cause) {
            end();
            onFailure.accept(cause);
            stream.close(cause);
            Runnable next = leave();
            callBack(callback, cause);
            next.run();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
