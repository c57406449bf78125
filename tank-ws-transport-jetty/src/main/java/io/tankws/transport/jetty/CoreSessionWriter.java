package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The writer of compressed messages through Jetty's frame queue.
 *
 * <p>Jetty copies all frames except the last to its output buffer, and the last one flushes the buffer, which usually
 * takes one system call. The callback of the last frame reports the result of all, because a frame that fails ends the
 * connection.
 */
final class CoreSessionWriter implements FrameWriter, Callback {
    private final CoreSession session;
    private final MessageDeflater deflater;
    private final AtomicReference<WriteCallback> inFlight = new AtomicReference<>();

    CoreSessionWriter(CoreSession session, MessageDeflater deflater) {
        this.session = session;
        this.deflater = deflater;
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        if (!inFlight.compareAndSet(null, callback)) {
            throw new IllegalStateException("a write is in flight");
        }
        int last = frames.size() - 1;
        for (int i = 0; i < last; i++) {
            session.sendFrame(encode(frames.get(i)), Callback.NOOP, true);
        }
        session.sendFrame(encode(frames.get(last)), this, false);
        return false;
    }

    @Override
    public void succeeded() {
        inFlight.getAndSet(null).onWritten(null);
    }

    @Override
    public void failed(Throwable cause) {
        inFlight.getAndSet(null).onWritten(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private org.eclipse.jetty.websocket.core.Frame encode(Frame frame) {
        byte opcode = (byte) frame.opcode().value();
        ByteBuffer payload = frame.payload();
        ByteBuffer deflated = OpCode.isDataFrame(opcode) ? deflater.deflate(payload) : null;
        // The deflater is closed with the session, which then sends nothing.
        return new org.eclipse.jetty.websocket.core.Frame(opcode, true, deflated == null ? payload : deflated)
                .setRsv1(deflated != null);
    }
}
