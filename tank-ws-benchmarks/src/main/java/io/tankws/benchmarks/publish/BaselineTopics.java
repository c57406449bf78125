package io.tankws.benchmarks.publish;

import io.tankws.benchmarks.load.UpgradeRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The baseline for topics, which writes one buffer per message to one socket after the other. Its cost is the share of
 * the kernel and the JDK, which grows with the number of sockets for every server.
 */
final class BaselineTopics implements TopicServer {
    private static final int BACKLOG = 1024;
    private static final int MAX_HEAD = 8192;
    private static final int MAX_MESSAGE = 1 << 17;

    private final ServerSocketChannel server;
    private final List<SocketChannel> clients = new CopyOnWriteArrayList<>();
    private final Map<String, List<SocketChannel>> topics = new ConcurrentHashMap<>();
    private final ByteBuffer frame = ByteBuffer.allocateDirect(MAX_MESSAGE);

    private BaselineTopics(ServerSocketChannel server) {
        this.server = server;
    }

    static BaselineTopics start() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        BaselineTopics topics = new BaselineTopics(server);
        Thread thread = new Thread(topics::accept, "accept");
        thread.setDaemon(true);
        thread.start();
        return topics;
    }

    private void accept() {
        ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
        try {
            while (true) {
                SocketChannel client = server.accept();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                head.clear();
                while (UpgradeRequest.endOfHead(head.array(), head.position()) == 0 && client.read(head) >= 0) {
                    // The readers send a request head and nothing after it.
                }
                client.write(ByteBuffer.wrap(UpgradeRequest.answer()));
                client.write(ByteBuffer.wrap(new byte[] {(byte) 0x81, 1, '!'}));
                client.configureBlocking(false);
                clients.add(client);
            }
        } catch (IOException e) {
            // The server is closed.
        }
    }

    @Override
    public int port() {
        return server.socket().getLocalPort();
    }

    @Override
    public void subscribe(int client, String topic) {
        topics.computeIfAbsent(topic, name -> new ArrayList<>()).add(clients.get(client));
    }

    @Override
    public void publish(String topic, String data) {
        List<SocketChannel> subscribers = topics.get(topic);
        if (subscribers == null) {
            return;
        }
        byte[] text = ("{\"topic\":\"" + topic + "\",\"data\":\"" + data + "\"}").getBytes(StandardCharsets.UTF_8);
        frame.clear().put((byte) 0x81);
        if (text.length < 126) {
            frame.put((byte) text.length);
        } else if (text.length < 1 << 16) {
            frame.put((byte) 126).putShort((short) text.length);
        } else {
            frame.put((byte) 127).putLong(text.length);
        }
        frame.put(text).flip();
        try {
            for (SocketChannel subscriber : subscribers) {
                subscriber.write(frame.rewind());
                if (frame.hasRemaining()) {
                    throw new IOException("the send buffer of a socket is full");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
