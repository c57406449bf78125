package io.tankws.it.contract;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** One socket of an HTTP/1.1 client, and the HTTP/2 stream that carries its bytes. */
final class Http2Tunnel implements Stream.Listener {
    private static final int BUFFER_SIZE = 16 * 1024;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Socket socket;
    private final Session session;
    private final Consumer<Http2Tunnel> onEnd;
    private final CompletableFuture<MetaData.Response> head = new CompletableFuture<>();
    /** Signals of the stream: at most one, because each follows a demand, and the end. */
    private final BlockingQueue<Boolean> dataAvailable = new LinkedBlockingQueue<>();

    private final CompletableFuture<Void> upEnded = new CompletableFuture<>();

    private volatile boolean headEndsStream;
    private volatile boolean reset;

    Http2Tunnel(Socket socket, Session session, Consumer<Http2Tunnel> onEnd) {
        this.socket = socket;
        this.session = session;
        this.onEnd = onEnd;
    }

    static void startDaemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    void start() {
        startDaemon("http2-tunnel", this::run);
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is closed.
        }
    }

    private void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSendBufferSize(BUFFER_SIZE);
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_SIZE);
            GatewayRequest request = GatewayRequest.read(in);
            if (request.refusal() != 0) {
                write("HTTP/1.1 " + request.refusal() + " Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return;
            }
            exchange(request, in);
        } catch (IOException | ExecutionException | TimeoutException e) {
            // The client reads the end of its socket.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            onEnd.accept(this);
        }
    }

    private void exchange(GatewayRequest request, InputStream in)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Stream> opened = new CompletableFuture<>();
        session.newStream(
                new HeadersFrame(request.metaData(), null, !request.isWebSocket()),
                Promise.from(opened::complete, opened::completeExceptionally),
                this);
        Stream stream = opened.get(30, TimeUnit.SECONDS);
        if (request.isWebSocket()) {
            startDaemon("http2-tunnel-up", () -> pumpUp(in, stream));
        }
        MetaData.Response response = head.get();
        boolean accepted = request.isWebSocket() && response.getStatus() == 200;
        write(head(response, accepted, request));
        if (headEndsStream) {
            return;
        }
        pumpDown(stream);
        if (!accepted || reset) {
            return;
        }
        socket.shutdownOutput();
        // The other direction ends the stream when the client ends its half.
        upEnded.get();
    }

    private void pumpUp(InputStream in, Stream stream) {
        byte[] buffer = new byte[BUFFER_SIZE];
        try {
            int length;
            while ((length = in.read(buffer)) >= 0) {
                send(stream, ByteBuffer.wrap(buffer.clone(), 0, length), false);
            }
            send(stream, ByteBuffer.allocate(0), true);
        } catch (IOException | ExecutionException e) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
            head.completeExceptionally(e);
            reset = true;
            dataAvailable.add(true);
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            upEnded.complete(null);
        }
    }

    private static void send(Stream stream, ByteBuffer bytes, boolean last)
            throws InterruptedException, ExecutionException {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        stream.data(
                new DataFrame(stream.getId(), bytes, last),
                Callback.from(() -> sent.complete(null), sent::completeExceptionally));
        sent.get();
    }

    private void pumpDown(Stream stream) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        stream.demand();
        while (!reset) {
            Stream.Data data = stream.readData();
            if (data == null) {
                dataAvailable.take();
                continue;
            }
            byte[] bytes = new byte[data.frame().remaining()];
            data.frame().getByteBuffer().get(bytes);
            boolean last = data.frame().isEndStream();
            data.release();
            out.write(bytes);
            if (last) {
                return;
            }
            stream.demand();
        }
    }

    private static String head(MetaData.Response response, boolean accepted, GatewayRequest request) {
        StringBuilder result = new StringBuilder();
        if (accepted) {
            result.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
                    .append("Sec-WebSocket-Accept: ")
                    .append(accept(request.key()))
                    .append("\r\n");
        } else {
            result.append("HTTP/1.1 ").append(response.getStatus()).append(" Answered\r\n");
            if (response.getStatus() == 426) {
                // HTTP/2 does not have this header, but HTTP/1.1 requires it.
                result.append("Upgrade: websocket\r\n");
            }
        }
        response.getHttpFields()
                .forEach(field -> result.append(field.getName())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n"));
        return result.append("\r\n").toString();
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onHeaders(Stream stream, HeadersFrame frame) {
        headEndsStream = frame.isEndStream();
        head.complete((MetaData.Response) frame.getMetaData());
    }

    @Override
    public void onDataAvailable(Stream stream) {
        dataAvailable.add(true);
    }

    @Override
    public void onReset(Stream stream, ResetFrame frame, Callback callback) {
        ended(new EOFException("reset"), callback);
    }

    @Override
    public void onFailure(Stream stream, int error, String reason, Throwable failure, Callback callback) {
        ended(failure, callback);
    }

    private void ended(Throwable cause, Callback callback) {
        head.completeExceptionally(cause);
        reset = true;
        dataAvailable.add(true);
        close();
        callback.succeeded();
    }
}
