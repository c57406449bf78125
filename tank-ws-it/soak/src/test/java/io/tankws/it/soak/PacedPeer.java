package io.tankws.it.soak;

import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client that reads at a fixed rate in bytes per second and answers each ping when it reads it. */
final class PacedPeer implements AutoCloseable {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** Connects a client that reads at a rate, or without a limit if the rate is 0. */
    PacedPeer(int port, int bytesPerSecond) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(120_000);
        out = socket.getOutputStream();
        String head = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        InputStream raw = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = raw.read();
            if (next < 0) {
                throw new IOException("no answer to the handshake: " + answer);
            }
            answer.append((char) next);
        }
        in = new DataInputStream(bytesPerSecond == 0 ? raw : new Paced(raw, bytesPerSecond));
    }

    /** Reads frames until messages of that many bytes have arrived, and returns the number of messages. */
    long readMessages(long wanted) throws IOException {
        long got = 0;
        while (got < wanted) {
            got += readFrame();
        }
        return got;
    }

    /** Returns the payload bytes of a message, 0 for a control frame. */
    private int readFrame() throws IOException {
        int opcode = in.readUnsignedByte() & 0xf;
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (opcode == 8) {
            throw new IOException("closed: " + new String(payload, StandardCharsets.UTF_8));
        }
        if (opcode == 9) {
            send(0x8A, payload);
        }
        return opcode < 8 ? length : 0;
    }

    /** Sends a small frame with a mask of zeros. */
    void send(int first, byte[] payload) throws IOException {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        out.write(frame);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Paced extends FilterInputStream {
        private final int bytesPerStep;
        private int left;

        Paced(InputStream in, int bytesPerSecond) {
            super(in);
            bytesPerStep = (int) (bytesPerSecond / (TimeUnit.SECONDS.toNanos(1) / STEP_NANOS));
            left = bytesPerStep;
        }

        @Override
        public int read() throws IOException {
            pace();
            left--;
            return super.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            pace();
            int count = super.read(target, offset, Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        private void pace() {
            if (left <= 0) {
                LockSupport.parkNanos(STEP_NANOS);
                left = bytesPerStep;
            }
        }
    }
}
