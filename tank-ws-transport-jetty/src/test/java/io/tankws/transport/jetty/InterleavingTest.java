package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Handshake;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes of ours while the connection ends, on a socket that takes fewer bytes than are written. */
class InterleavingTest extends TransportTestBase {
    private static final int CONNECTIONS = 30;
    private static final int[] SIZES = {0, 1, 125, 126, 3000, 65535, 65536, 150_000};

    enum End {
        FAULT {
            @Override
            void begin(RawClient client, Connection connection) throws IOException {
                client.send(new byte[] {(byte) 0x81, 1, 'a'});
            }
        },
        PEER_CLOSE {
            @Override
            void begin(RawClient client, Connection connection) throws IOException {
                client.send(RawClient.close(1000));
            }
        },
        OWN_CLOSE {
            @Override
            void begin(RawClient client, Connection connection) {
                connection.close(CloseStatus.GOING_AWAY);
            }
        };

        abstract void begin(RawClient client, Connection connection) throws IOException;
    }

    /** Writes one batch after the other until one fails; all bytes of a payload are the number of its frame. */
    private static final class Flood implements Connection.WriteCallback {
        private final Connection connection;
        private final Random random;
        private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        private int count;
        private volatile int done;

        Flood(Connection connection, Random random) {
            this.connection = connection;
            this.random = random;
        }

        void next() {
            while (connection.write(nextBatch(), this)) {
                done = count;
            }
        }

        private List<Frame> nextBatch() {
            List<Frame> batch = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                byte[] payload = new byte[SIZES[random.nextInt(SIZES.length)]];
                Arrays.fill(payload, (byte) count++);
                batch.add(Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(payload)));
            }
            return batch;
        }

        @Override
        public void onWritten(Throwable cause) {
            if (cause != null) {
                assertTrue(failure.complete(cause));
            } else {
                done = count;
                next();
            }
        }
    }

    private final BlockingQueue<RecordingListener> listeners = new LinkedBlockingQueue<>();

    @Override
    void accept(Handshake handshake, AcceptOptions acceptance) {
        RecordingListener own = new RecordingListener();
        listeners.add(own);
        ((TransportHandshake) handshake).accept(acceptance, own);
    }

    private Connection accepted() throws Exception {
        return listeners.poll(10, TimeUnit.SECONDS).connection();
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void peerReadsWholeFramesAndNothingAfterTheClose(End end) throws Exception {
        InetSocketAddress address = start();
        for (int i = 0; i < CONNECTIONS; i++) {
            Random random = new Random(i);
            try (RawClient client = RawClient.open(address)) {
                Connection connection = listeners.poll(10, TimeUnit.SECONDS).connection();
                Flood flood = new Flood(connection, random);
                CompletableFuture<Void> writer = CompletableFuture.runAsync(flood::next);
                InputStream in = client.socket.getInputStream();
                int before = random.nextInt(20);
                for (int read = 0; read < before; read++) {
                    checkFrame(in, read, in.read());
                }
                end.begin(client, connection);
                int read = readToClose(in, before);
                client.send(RawClient.close(1000));
                assertTrue(client.isCut(), "nothing follows the close frame");
                writer.get(10, TimeUnit.SECONDS);
                assertNotNull(flood.failure.get(10, TimeUnit.SECONDS));
                assertEquals(flood.done, read, "what was called back as written, and no more, has come");
            }
        }
    }

    private static int readToClose(InputStream in, int before) throws IOException {
        int read = before;
        int first = in.read();
        while (first == 0x82) {
            checkFrame(in, read++, first);
            first = in.read();
        }
        if (first < 0) {
            throw new EOFException("disconnected after frame " + read);
        }
        assertEquals(0x88, first);
        in.readNBytes(in.read());
        return read;
    }

    private static void checkFrame(InputStream in, int number, int first) throws IOException {
        assertEquals(0x82, first);
        int length = in.read();
        if (length >= 126) {
            length = new BigInteger(1, in.readNBytes(length == 126 ? 2 : 8)).intValueExact();
        }
        byte[] payload = in.readNBytes(length);
        for (byte value : payload) {
            if (value != (byte) number) {
                assertEquals((byte) number, value, "frame " + number);
            }
        }
        if (payload.length < length) {
            throw new EOFException("cut within frame " + number);
        }
    }

    /** After a close, a fault disconnects, perhaps within a frame, but no bytes come between those of a frame. */
    @Test
    void severalEndsAtOnceNeverMixFrames() throws Exception {
        InetSocketAddress address = start();
        for (int i = 0; i < CONNECTIONS; i++) {
            try (RawClient client = RawClient.open(address)) {
                Connection connection = accepted();
                Flood flood = new Flood(connection, new Random(i));
                CompletableFuture<Void> writer = CompletableFuture.runAsync(flood::next);
                List<End> ends = new ArrayList<>(List.of(End.values()));
                Collections.shuffle(ends, new Random(i));
                CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
                    try {
                        return readToClose(client.socket.getInputStream(), 0);
                    } catch (IOException e) {
                        return -1;
                    }
                });
                try {
                    for (End end : ends) {
                        end.begin(client, connection);
                    }
                } catch (SocketException e) {
                    // The socket is closed already.
                }
                int read = reader.get(10, TimeUnit.SECONDS);
                connection.abort();
                assertTrue(client.isCut());
                writer.get(10, TimeUnit.SECONDS);
                assertNotNull(flood.failure.get(10, TimeUnit.SECONDS));
                assertTrue(read < 0 || read == flood.done);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void abortDuringTheEndFailsTheWriteOnce(End end) throws Exception {
        InetSocketAddress address = start();
        for (int i = 0; i < CONNECTIONS; i++) {
            try (RawClient client = RawClient.open(address)) {
                RecordingListener own = listeners.poll(10, TimeUnit.SECONDS);
                Connection connection = own.connection();
                Flood flood = new Flood(connection, new Random(i));
                CompletableFuture<Void> writer = CompletableFuture.runAsync(flood::next);
                CompletableFuture<Void> abort = CompletableFuture.runAsync(connection::abort);
                end.begin(client, connection);
                abort.get(10, TimeUnit.SECONDS);
                writer.get(10, TimeUnit.SECONDS);
                assertNotNull(flood.failure.get(10, TimeUnit.SECONDS));
                own.closeStatus();
                assertEquals(1, Collections.frequency(own.calls, "open"));
                assertEquals(
                        1,
                        own.calls.stream()
                                .filter(call -> call.startsWith("close"))
                                .count());
                assertFalse(flood.failure.get() instanceof IllegalStateException);
            } catch (SocketException e) {
                // The abort came before the client's bytes.
            }
        }
    }
}
