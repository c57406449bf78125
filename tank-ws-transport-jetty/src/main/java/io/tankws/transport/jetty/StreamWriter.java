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
 * Writes frames as they are to an HTTP/2 stream, which takes nothing at once and answers by a callback. The stream keeps
 * what it is given until it has left, so small frames are copied together, and no buffer is lent.
 */
final class StreamWriter extends WriteSerializer implements FrameWriter {
    /** Frames of together at most so many bytes leave in one piece. */
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

        /** Half a frame may be out, so the stream must take nothing more. */
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
