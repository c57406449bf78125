package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Frame;
import io.tankws.spi.support.WriteBufferPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectSocketWriterTest {
    private static final byte[] CLOSE = {(byte) 0x88, 0};

    /** A socket that takes a given number of bytes at once, and the remaining ones later. */
    private static final class Socket extends ByteArrayEndPoint {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int appetite = Integer.MAX_VALUE;
        private int largest;
        private IOException fault;
        /** True if the socket holds bytes that it has accepted and not sent, like an encrypted one. */
        private boolean swallows;

        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            if (fault != null) {
                throw fault;
            }
            for (ByteBuffer buffer : buffers) {
                largest = Math.max(largest, buffer.remaining());
                byte[] bytes = new byte[Math.min(appetite, buffer.remaining())];
                buffer.get(bytes);
                out.writeBytes(bytes);
                appetite -= bytes.length;
                if (buffer.hasRemaining()) {
                    return false;
                }
            }
            return !swallows;
        }

        @Override
        protected void onIncompleteFlush() {}

        void feed(int bytes) {
            appetite = bytes;
            getWriteFlusher().completeWrite();
        }
    }

    private final Socket socket = new Socket();
    private final WriteBufferPool buffers = new WriteBufferPool();
    private final WriteBufferPool.WriteBuffer onlyBuffer = buffers.acquire();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Object> results = new ArrayList<>();
    private final DirectSocketWriter writer = new DirectSocketWriter(socket, buffers, failures::add);

    private static Frame frame(int size) {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        return Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(payload));
    }

    private static byte[] wire(List<Frame> frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(frame -> all.writeBytes(BufferUtil.toArray(frame.bytes())));
        return all.toByteArray();
    }

    private void write(List<Frame> frames) {
        if (writer.write(frames, failure -> results.add(failure == null ? "written" : failure))) {
            results.add("written");
        }
    }

    private void jettyCloses() {
        writer.writeAfterCurrent(() -> socket.write(
                Callback.from(() -> results.add("close frame"), failure -> results.add("no close frame")),
                ByteBuffer.wrap(CLOSE)));
    }

    @BeforeEach
    void lendsTheOnlyBuffer() {
        buffers.release(onlyBuffer);
    }

    @AfterEach
    void theOnlyBufferIsBack() {
        assertSame(onlyBuffer, buffers.acquire());
    }

    @Test
    void partsOfAnySizeMakeTheWhole() {
        List<Frame> frames = List.of(frame(3), frame(70_000), frame(0), frame(125), frame(126), frame(300_000));
        Random random = new Random(1);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 1; i <= 20; i++) {
            socket.appetite = random.nextInt(100_000);
            write(frames);
            while (results.size() < i) {
                socket.feed(random.nextInt(random.nextBoolean() ? 10 : 100_000));
            }
            expected.writeBytes(wire(frames));
        }
        assertEquals(Collections.nCopies(20, "written"), results);
        assertArrayEquals(expected.toByteArray(), socket.out.toByteArray());
        assertEquals(WriteBufferPool.BUFFER_BYTES, socket.largest);
    }

    /** Jetty's end point reads the clock for each write and resets its idle time, so a port of our own bypasses it. */
    @Test
    void writesToThePlainSocketOfOurOwnPortPastTheEndPoint() throws Exception {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel client = SocketChannel.open(listening.getLocalAddress());
                    SocketChannel accepted = listening.accept()) {
                RequestHeadEndPoint plain = new RequestHeadEndPoint(
                        accepted, null, null, null, new RequestHeadBudget(1), new RequestLineChecker());
                DirectSocketWriter direct = new DirectSocketWriter(plain, buffers, failures::add);
                List<Frame> frames = List.of(frame(100));
                // The first write loads all classes.
                assertTrue(direct.write(frames, failures::add));
                while (plain.getIdleFor() < 50) {
                    LockSupport.parkNanos(1_000_000);
                }
                assertTrue(direct.write(frames, failures::add));
                assertTrue(plain.getIdleFor() >= 50);
                byte[] received = client.socket().getInputStream().readNBytes(102);
                assertArrayEquals(wire(frames), received);
            }
        }
    }

    @Test
    void aPeerThatTakesNothingHoldsNoBuffer() {
        socket.appetite = 100;
        write(List.of(frame(70_000)));
        theOnlyBufferIsBack();
        buffers.release(onlyBuffer);
        assertEquals(List.of(), results);
        socket.feed(Integer.MAX_VALUE);
        assertEquals(List.of("written"), results);
    }

    @Test
    void isWrittenOnlyWhenTheBytesInTheEndPointAreSent() {
        socket.swallows = true;
        write(List.of(frame(100)));
        assertEquals(List.of(), results);
        socket.swallows = false;
        socket.feed(Integer.MAX_VALUE);
        assertEquals(List.of("written"), results);
        assertArrayEquals(wire(List.of(frame(100))), socket.out.toByteArray());
    }

    @Test
    void jettysCloseFrameWaitsAndNothingFollowsIt() {
        socket.appetite = 100;
        write(List.of(frame(70_000)));
        jettyCloses();
        socket.feed(1000);
        assertEquals(List.of(), results);
        socket.feed(Integer.MAX_VALUE);
        assertEquals(List.of("written", "close frame"), results);
        write(List.of(frame(1)));
        assertTrue(results.get(2) instanceof ClosedChannelException);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(wire(List.of(frame(70_000))));
        expected.writeBytes(CLOSE);
        assertArrayEquals(expected.toByteArray(), socket.out.toByteArray());
        assertEquals(List.of(), failures);
    }

    @Test
    void aFailureClosesTheSocketBeforeJettyMayWrite() {
        socket.appetite = 100;
        write(List.of(frame(70_000)));
        jettyCloses();
        socket.fault = new IOException("on purpose");
        socket.feed(0);
        socket.fault = null;
        assertFalse(socket.isOpen());
        assertEquals(1, failures.size());
        assertEquals("on purpose", failures.get(0).getMessage());
        assertSame(failures.get(0), results.get(0));
        assertEquals("no close frame", results.get(1));
        write(List.of(frame(1)));
        assertTrue(results.get(2) instanceof ClosedChannelException);
        assertEquals(100, socket.out.size());
    }

    @Test
    void aFailureWithinTheCallIsReportedOnce() {
        socket.fault = new IOException("on purpose");
        write(List.of(frame(10)));
        assertEquals(List.of(socket.fault), results);
        assertEquals(List.of(socket.fault), failures);
    }

    @Test
    void closingTheSocketFailsTheWriteInFlight() {
        socket.appetite = 100;
        write(List.of(frame(70_000)));
        socket.close();
        assertTrue(results.get(0) instanceof ClosedChannelException);
        assertEquals(1, results.size());
    }

    @Test
    void aCallbackThatThrowsDoesNotEndTheConnection() {
        socket.appetite = 0;
        writer.write(List.of(frame(1)), failure -> {
            throw new IllegalStateException("on purpose");
        });
        socket.feed(Integer.MAX_VALUE);
        write(List.of(frame(2)));
        assertEquals(List.of("written"), results);
        assertTrue(socket.isOpen());
    }
}
