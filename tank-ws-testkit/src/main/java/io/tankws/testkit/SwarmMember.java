package io.tankws.testkit;

import io.tankws.CloseStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One client of a {@link Swarm}. It answers pings and close frames unless that is switched off. */
public final class SwarmMember {

    private final Swarm swarm;
    private final SocketChannel channel;
    private final Swarm.Listener listener;
    private final InetSocketAddress address;
    private final String target;

    /** This and what follows, unless volatile, is touched on the swarm's thread alone. */
    private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>(2);

    @SuppressWarnings("NullAway.Init") // set at registration
    private SelectionKey key;

    private byte @Nullable [] partial;
    private boolean reading = true;
    private volatile boolean answeringPings = true;
    private volatile boolean open;
    private volatile boolean ended;
    private volatile int closeCode = CloseStatus.ABNORMAL.code();

    SwarmMember(Swarm swarm, SocketChannel channel, Swarm.Listener listener, InetSocketAddress address, String target) {
        this.swarm = swarm;
        this.channel = channel;
        this.listener = listener;
        this.address = address;
        this.target = target;
    }

    void connect(Selector selector) {
        try {
            boolean connected = channel.connect(address);
            key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            if (connected) {
                greet();
            }
        } catch (IOException e) {
            end();
        }
    }

    private void greet() {
        key.interestOps(reading ? SelectionKey.OP_READ : 0);
        write(SwarmFrame.handshake(target, address.getPort()));
    }

    void ready(SelectionKey selected, ByteBuffer buffer) {
        try {
            if (selected.isValid() && selected.isConnectable() && channel.finishConnect()) {
                greet();
            }
            if (selected.isValid() && selected.isWritable()) {
                drain();
            }
            if (selected.isValid() && selected.isReadable()) {
                read(buffer);
            }
        } catch (IOException e) {
            end();
        }
    }

    private void read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (partial != null) {
            buffer.put(partial);
            partial = null;
        }
        int count = channel.read(buffer);
        buffer.flip();
        if (!open) {
            handshake(buffer);
        }
        while (open && frame(buffer)) {}
        if (buffer.hasRemaining() && !ended) {
            if (buffer.remaining() == buffer.capacity()) {
                throw new IllegalStateException("a frame larger than the swarm's buffer");
            }
            partial = new byte[buffer.remaining()];
            buffer.get(partial);
        }
        if (count < 0) {
            end();
        }
    }

    private void handshake(ByteBuffer buffer) {
        String head = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
        int end = head.indexOf(SwarmFrame.HEAD_END);
        if (end < 0) {
            return;
        }
        if (!head.startsWith("HTTP/1.1 101 ")) {
            end();
            return;
        }
        buffer.position(end + SwarmFrame.HEAD_END.length());
        open = true;
        listener.opened(this);
    }

    /** Takes one complete frame. Returns {@code false} if there is none. */
    private boolean frame(ByteBuffer buffer) {
        int start = buffer.position();
        int header = SwarmFrame.headerLength(buffer);
        if (header < 0 || buffer.remaining() < header) {
            return false;
        }
        int length = SwarmFrame.payloadLength(buffer);
        if (buffer.remaining() < header + length) {
            return false;
        }
        buffer.position(start + header + length);
        take(buffer.get(start) & 0x0F, buffer.slice(start + header, length));
        return true;
    }

    private void take(int opcode, ByteBuffer payload) {
        switch (opcode) {
            case 1, 2 -> listener.message(this, payload);
            case 8 -> {
                closeCode = payload.remaining() < 2 ? CloseStatus.NO_STATUS.code() : payload.getShort(0) & 0xFFFF;
                write(SwarmFrame.NORMAL_CLOSE);
                end();
            }
            case 9 -> {
                if (answeringPings) {
                    byte[] copy = new byte[payload.remaining()];
                    payload.get(copy);
                    write(SwarmFrame.of(10, copy));
                }
                listener.pinged(this);
            }
            default -> {}
        }
    }

    private void write(byte[] bytes) {
        if (!ended) {
            outgoing.add(ByteBuffer.wrap(bytes));
            try {
                drain();
            } catch (IOException e) {
                end();
            }
        }
    }

    private void drain() throws IOException {
        while (!outgoing.isEmpty()) {
            channel.write(outgoing.peek());
            if (outgoing.peek().hasRemaining()) {
                break;
            }
            outgoing.poll();
        }
        interest();
    }

    private void interest() {
        if (key != null && key.isValid() && (key.interestOps() & SelectionKey.OP_CONNECT) == 0) {
            key.interestOps((reading ? SelectionKey.OP_READ : 0) | (outgoing.isEmpty() ? 0 : SelectionKey.OP_WRITE));
        }
    }

    private void end() {
        end(false);
    }

    private void end(boolean abruptly) {
        if (!ended) {
            shut(abruptly);
            listener.ended(this);
        }
    }

    /** Vanishes at the end of the swarm, when no listener is to hear of it. */
    void cut() {
        shut(true);
    }

    private void shut(boolean abruptly) {
        ended = true;
        open = false;
        try {
            if (abruptly) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        } catch (IOException e) {
            // It was gone.
        }
    }

    /**
     * Sends a text message in one frame.
     *
     * @param text at most 125 bytes in UTF-8
     */
    public void send(String text) {
        byte[] frame = SwarmFrame.of(1, text.getBytes(StandardCharsets.UTF_8));
        swarm.execute(() -> write(frame));
    }

    /** Sends an unsolicited pong. */
    public void sendPong() {
        swarm.execute(() -> write(SwarmFrame.of(10, new byte[0])));
    }

    /** Sends a close frame with 1000. */
    public void sendClose() {
        swarm.execute(() -> write(SwarmFrame.NORMAL_CLOSE));
    }

    /** Sends the first half of a frame and vanishes with a reset. */
    public void cutInFrame() {
        swarm.execute(() -> {
            byte[] frame = SwarmFrame.of(1, new byte[100]);
            write(Arrays.copyOf(frame, frame.length / 2));
            end(true);
        });
    }

    /** Ends its own half of the connection without a close frame. */
    public void halfClose() {
        swarm.execute(() -> {
            try {
                channel.shutdownOutput();
            } catch (IOException e) {
                end();
            }
        });
    }

    /** Vanishes with a reset. */
    public void reset() {
        swarm.execute(() -> end(true));
    }

    /**
     * Sets whether this client answers pings. The default is {@code true}.
     *
     * @param on whether pings are answered
     */
    public void answeringPings(boolean on) {
        answeringPings = on;
    }

    /**
     * Sets whether this client reads. The default is {@code true}.
     *
     * @param on whether to read
     */
    public void reading(boolean on) {
        swarm.execute(() -> {
            reading = on;
            interest();
        });
    }

    /**
     * Returns whether the handshake is complete and the connection has not ended.
     *
     * @return whether it is open
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * Returns whether the connection has ended.
     *
     * @return whether it has
     */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Returns what the server's close frame said.
     *
     * @return its code, 1006 if none has come
     */
    public int closeCode() {
        return closeCode;
    }
}
