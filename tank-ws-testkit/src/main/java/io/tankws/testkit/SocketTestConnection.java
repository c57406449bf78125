package io.tankws.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A real socket. Strict: whatever a server may not send (RFC 6455 section 5) is an error. */
final class SocketTestConnection implements TestConnection {
    /** Small and set before connecting, so that a client which does not read is soon felt by the server. */
    private static final int RECEIVE_BUFFER = 8 * 1024;

    private static final int MAX_FRAME_BYTES = 32 * 1024 * 1024;
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private final Socket socket = new Socket();
    /** Not the socket itself, whose monitor a close takes: it must be possible while a write waits for the server. */
    private final Object sending = new Object();

    private final OutputStream out;
    private final DataInputStream in;
    private final HttpReply reply;
    /** The frames that are held back; {@code null} while each frame is written at once. Guarded by the socket. */
    private @Nullable ByteArrayOutputStream held;

    SocketTestConnection(InetSocketAddress address, String requestHead, Optional<SSLContext> trust) throws IOException {
        try {
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) Await.timeout().toMillis());
            socket.setSoTimeout((int) Await.timeout().toMillis());
            Socket top = trust.isPresent() ? encrypted(address, trust.get()) : socket;
            out = top.getOutputStream();
            out.write(requestHead.getBytes(StandardCharsets.UTF_8));
            in = new DataInputStream(new BufferedInputStream(top.getInputStream()));
            reply = readReply();
            // From here on silence is for the tests to judge.
            socket.setSoTimeout(0);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Socket encrypted(InetSocketAddress address, SSLContext trust) throws IOException {
        String host = address.getAddress().getHostAddress();
        SSLSocket top = (SSLSocket) trust.getSocketFactory().createSocket(socket, host, address.getPort(), true);
        SSLParameters parameters = top.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        top.setSSLParameters(parameters);
        top.startHandshake();
        return top;
    }

    @Override
    public HttpReply reply() {
        return reply;
    }

    @Override
    public void send(int opcode, boolean fin, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) ((fin ? 0x80 : 0) | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = new byte[4];
        ThreadLocalRandom.current().nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i & 3]));
        }
        synchronized (sending) {
            (held == null ? out : held).write(frame.array(), 0, frame.position());
        }
    }

    @Override
    public void together(Runnable action) throws IOException {
        synchronized (sending) {
            held = new ByteArrayOutputStream();
            try {
                action.run();
                out.write(held.toByteArray());
            } finally {
                held = null;
            }
        }
    }

    @Override
    public @Nullable Incoming receive() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int second = in.readUnsignedByte();
        int opcode = first & 0x0F;
        check((first & 0x70) == 0, "a reserved bit is set");
        check((first & 0x80) != 0, "the server fragments");
        check((second & 0x80) == 0, "the server masks");
        long length = second;
        if (second == 126) {
            length = in.readUnsignedShort();
            check(length > 125, "the length is not minimal");
        } else if (second == 127) {
            length = in.readLong();
            check(length > 65535 && length <= MAX_FRAME_BYTES, "a length of " + length);
        }
        check(opcode < 8 || length < 126, "a large control frame");
        check(opcode == 1 || opcode == 2 || opcode >= 8 && opcode <= 10, "opcode " + opcode);
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return new Incoming(opcode, payload);
    }

    @Override
    public void reading(boolean on) {
        // Not calling receive is all that it takes: the socket's buffers fill up.
    }

    @Override
    public void disconnect() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was gone.
        }
    }

    private HttpReply readReply() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the server ended the connection without an answer");
            }
            head.write(b);
            check(head.size() < MAX_HEAD_BYTES, "a response head without end");
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        return new HttpReply(status, headers, status == 101 ? "" : body(headers));
    }

    private String body(Map<String, List<String>> headers) throws IOException {
        List<String> length = headers.get("Content-Length");
        byte[] body = length != null ? in.readNBytes(Integer.parseInt(length.get(0))) : in.readAllBytes();
        return new String(body, StandardCharsets.UTF_8);
    }

    private static void check(boolean kept, String violation) throws IOException {
        if (!kept) {
            throw new IOException("the server broke the protocol: " + violation);
        }
    }
}
