package io.tankws.transport.jetty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** One HTTP/2 stream that only a test controls. */
final class StreamClient implements Stream.Listener {
    final CompletableFuture<MetaData.Response> head = new CompletableFuture<>();
    /** The error code of the server's RST_STREAM. */
    final CompletableFuture<Integer> reset = new CompletableFuture<>();

    final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final boolean reading;
    private Stream stream;

    private StreamClient(boolean reading) {
        this.reading = reading;
    }

    static StreamClient open(Session session, MetaData.Request request, boolean last, boolean reading)
            throws Exception {
        StreamClient client = new StreamClient(reading);
        CompletableFuture<Stream> opened = new CompletableFuture<>();
        session.newStream(
                new HeadersFrame(request, null, last),
                Promise.from(opened::complete, opened::completeExceptionally),
                client);
        client.stream = opened.get(10, TimeUnit.SECONDS);
        if (reading) {
            client.stream.demand();
        }
        return client;
    }

    static MetaData.Request connect(String authority, String path, String protocol, String... headers) {
        return new MetaData.ConnectRequest(
                HttpScheme.HTTP, new HostPortHttpField(authority), path, fields(headers), protocol);
    }

    static MetaData.Request get(String authority, String path) {
        return new MetaData.Request("GET", HttpURI.from("http://" + authority + path), HttpVersion.HTTP_2, fields());
    }

    private static HttpFields fields(String... headers) {
        HttpFields.Mutable fields = HttpFields.build();
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            fields.add(parts[0], parts[1]);
        }
        return fields;
    }

    MetaData.Response head() throws Exception {
        return head.get(10, TimeUnit.SECONDS);
    }

    void send(byte[] bytes, boolean last) throws Exception {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        stream.data(
                new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), last),
                Callback.from(() -> sent.complete(null), sent::completeExceptionally));
        sent.get(10, TimeUnit.SECONDS);
    }

    void reset() {
        stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
    }

    synchronized byte[] received() {
        return received.toByteArray();
    }

    @Override
    public void onHeaders(Stream from, HeadersFrame frame) {
        head.complete((MetaData.Response) frame.getMetaData());
    }

    @Override
    public void onDataAvailable(Stream from) {
        Stream.Data data = from.readData();
        if (data == null) {
            return;
        }
        byte[] bytes = new byte[data.frame().remaining()];
        data.frame().getByteBuffer().get(bytes);
        synchronized (this) {
            received.writeBytes(bytes);
        }
        data.release();
        if (data.frame().isEndStream()) {
            ended.complete(null);
        } else if (reading) {
            from.demand();
        }
    }

    @Override
    public void onReset(Stream from, ResetFrame frame, Callback callback) {
        reset.complete(frame.getError());
        callback.succeeded();
    }
}
