package io.tankws.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All connections, and the only thread that reads them. The thread parses input in its read buffer and allocates
 * nothing per message, so that the garbage collector does not affect the measurement.
 */
public final class Swarm implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int BUFFER = 512 * 1024;
    private static final int HANDSHAKES_AT_ONCE = 64;
    private static final int STUCK_RECEIVE_BUFFER = 4096;
    private static final long HANDSHAKE_NANOS = 20_000_000_000L;
    private static final long STALL_NANOS = 5_000_000_000L;
    private static final long MAX_SELECT_NANOS = 100_000_000;

    private final LoadOptions options;
    private final DeliveryChecker checker;
    private final Selector selector;
    private final ServerFrames frames = new ServerFrames(this::frame);
    private final Consumer<SelectionKey> onReady = this::onReady;
    private final byte[] in = new byte[BUFFER];
    private final ByteBuffer inBuffer = ByteBuffer.wrap(in);
    private final ByteBuffer reply = ByteBuffer.allocate(256);
    private final Peer[] peers;
    private final Publisher publisher;

    private int opened;
    private int inHandshake;
    private boolean publishing;
    private boolean stalled;

    private Swarm(LoadOptions options, DeliveryChecker checker) throws IOException {
        this.options = options;
        this.checker = checker;
        selector = Selector.open();
        peers = new Peer[options.connections()];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = new Peer(i, role(i), SocketChannel.open());
        }
        publisher = new Publisher(peers[peers.length - 1], checker, options.size());
    }

    public static Swarm connect(LoadOptions options, DeliveryChecker checker) throws IOException {
        Swarm swarm = new Swarm(options, checker);
        try {
            swarm.connectAll();
            return swarm;
        } catch (IOException | RuntimeException e) {
            swarm.close();
            throw e;
        }
    }

    private Peer.Role role(int index) {
        if (index < options.subscribers()) {
            return Peer.Role.SUBSCRIBER;
        }
        return index < options.subscribers() + options.stuck() ? Peer.Role.STUCK : Peer.Role.PUBLISHER;
    }

    private void connectAll() throws IOException {
        for (Peer peer : peers) {
            connect(peer);
            await(() -> inHandshake < HANDSHAKES_AT_ONCE);
        }
        await(() -> inHandshake == 0);
        if (opened < peers.length) {
            throw new LoadException("Only " + opened + " of " + peers.length + " connections were opened on port "
                    + options.port() + ".");
        }
    }

    private void await(BooleanSupplier done) throws IOException {
        runUntil(System.nanoTime() + HANDSHAKE_NANOS, done);
        if (!done.getAsBoolean()) {
            throw new LoadException("A handshake was not answered in 20 s.");
        }
    }

    private void connect(Peer peer) throws IOException {
        SocketChannel channel = peer.channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // A reset at the end avoids the state TIME_WAIT, which would use up the ports in repeated runs.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        if (peer.role == Peer.Role.STUCK) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, STUCK_RECEIVE_BUFFER);
        }
        inHandshake++;
        boolean connected = channel.connect(new InetSocketAddress(HOST, options.port()));
        peer.key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, peer);
        if (connected) {
            request(peer);
        }
    }

    private void request(Peer peer) throws IOException {
        peer.localPort = ((InetSocketAddress) peer.channel.getLocalAddress()).getPort();
        ByteBuffer head = ByteBuffer.wrap(UpgradeRequest.head(HOST, options.port(), options.path(), peer.index));
        peer.channel.write(head);
        peer.key.interestOps(SelectionKey.OP_READ);
        if (head.hasRemaining()) {
            drop(peer);
        }
    }

    /** Reads, and publishes if there is a window, until the deadline or until {@code done} returns true. */
    public void runUntil(long deadline, BooleanSupplier done) throws IOException {
        long progress = System.nanoTime();
        long seen = checker.deliveries;
        while (!stalled && !done.getAsBoolean()) {
            fillWindow();
            long now = System.nanoTime();
            if (now - deadline >= 0) {
                return;
            }
            if (checker.deliveries != seen) {
                seen = checker.deliveries;
                progress = now;
            } else if (publishing && now - progress > STALL_NANOS) {
                stalled = true;
                return;
            }
            long wait = Math.min(deadline - now, MAX_SELECT_NANOS);
            selector.select(onReady, Math.max(1, wait / 1_000_000));
        }
    }

    private void fillWindow() {
        if (!publishing || options.openLoop() || checker.inFlight() >= options.window()) {
            return;
        }
        long now = System.nanoTime();
        while (checker.inFlight() < options.window() && checker.subscribersAlive > 0 && publisher.publish(now)) {
            // The loop ends when the window is full.
        }
        try {
            publisher.flush();
        } catch (IOException e) {
            drop(peers[peers.length - 1]);
        }
    }

    private void onReady(SelectionKey key) {
        Peer peer = (Peer) key.attachment();
        try {
            if (key.isConnectable()) {
                peer.channel.finishConnect();
                request(peer);
                return;
            }
            if (key.isWritable()) {
                publisher.flush();
            }
            if (key.isReadable()) {
                read(peer);
            }
        } catch (IOException e) {
            drop(peer);
        }
    }

    private void read(Peer peer) throws IOException {
        int have = peer.resume(in);
        int count = peer.channel.read(inBuffer.limit(BUFFER).position(have));
        if (count < 0) {
            drop(peer);
            return;
        }
        have += count;
        int used = peer.state == Peer.State.HANDSHAKE ? answer(peer, have) : 0;
        if (peer.state == Peer.State.OPEN) {
            used = frames.take(peer, in, used, have, checker.recording ? System.nanoTime() : 0);
        }
        if (peer.state != Peer.State.CLOSED) {
            peer.keep(in, used, have - used);
        }
    }

    /** Returns the length of the head when it is complete. */
    private int answer(Peer peer, int have) throws IOException {
        int end = UpgradeRequest.endOfHead(in, have);
        if (end == 0) {
            return 0;
        }
        if (!UpgradeRequest.isAccepted(in, end)) {
            throw new IOException("handshake rejected");
        }
        peer.state = Peer.State.OPEN;
        inHandshake--;
        opened++;
        if (peer.role == Peer.Role.SUBSCRIBER) {
            checker.subscribersAlive++;
        }
        if (peer.role == Peer.Role.STUCK) {
            // This connection is never read again, so its end stays unnoticed here.
            peer.key.interestOps(0);
        }
        if (peer.role != Peer.Role.PUBLISHER && !options.firstText().isEmpty()) {
            byte[] text = options.firstText().getBytes(StandardCharsets.US_ASCII);
            send(peer, ClientFrame.TEXT, text, 0, text.length);
        }
        return end;
    }

    private void frame(Peer peer, byte first, int from, int to, long now) throws IOException {
        switch (first & 15) {
            case ClientFrame.TEXT -> checker.text(peer, in, from, to, first > 0, now);
            case ClientFrame.CLOSE -> drop(peer);
            case ClientFrame.PING -> {
                checker.pings++;
                send(peer, ClientFrame.PONG, in, from, to - from);
            }
            default -> {
                // Continuations count by their first frame; no server sends binary messages or pongs.
            }
        }
    }

    private void send(Peer peer, int opcode, byte[] from, int at, int length) throws IOException {
        if (peer.role == Peer.Role.PUBLISHER) {
            publisher.control(opcode, from, at, length);
            return;
        }
        ClientFrame.put(reply.clear(), opcode, from, at, length);
        peer.channel.write(reply.flip());
        if (reply.hasRemaining()) {
            throw new IOException("the send buffer is full");
        }
    }

    private void drop(Peer peer) {
        switch (peer.state) {
            case HANDSHAKE -> inHandshake--;
            case OPEN -> {
                if (peer.role == Peer.Role.SUBSCRIBER) {
                    checker.onDisconnected(peer);
                }
                // Without its publisher the run cannot continue.
                stalled |= peer.role == Peer.Role.PUBLISHER;
            }
            case CLOSED -> {
                return;
            }
        }
        peer.state = Peer.State.CLOSED;
        closeQuietly(peer);
    }

    public void wakeUp() {
        selector.wakeup();
    }

    void publishing(boolean on) {
        publishing = on;
    }

    Publisher publisher() {
        return publisher;
    }

    public Stream<Peer> open(Peer.Role role) {
        return Stream.of(peers).filter(peer -> peer.role == role && peer.state == Peer.State.OPEN);
    }

    int opened() {
        return opened;
    }

    boolean stalled() {
        return stalled;
    }

    @Override
    public void close() throws IOException {
        List.of(peers).forEach(Swarm::closeQuietly);
        selector.close();
    }

    private static void closeQuietly(Peer peer) {
        try {
            peer.channel.close();
        } catch (IOException e) {
            // The connection is closed in both cases.
        }
    }
}
