package io.tankws.transport.memory;

import io.tankws.HandshakeRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The registry of the ports on which transports of this process listen. */
final class InMemoryPorts {
    private static final int FIRST_EPHEMERAL = 49152;
    private static final int LAST_EPHEMERAL = 65535;

    private static final Map<Integer, InMemoryTransport> LISTENING = new HashMap<>();
    private static int next = FIRST_EPHEMERAL;

    private InMemoryPorts() {}

    /** Binds a transport to a port, or to any free port if the port is 0. */
    static synchronized void bind(int asked, InMemoryTransport transport) throws BindException {
        int port = asked == 0 ? ephemeral() : asked;
        if (LISTENING.containsKey(port)) {
            throw new BindException("address already in use");
        }
        transport.onBound(port);
        LISTENING.put(port, transport);
    }

    /** Returns the next free port in turn, so that a closed port is not used again soon. */
    private static int ephemeral() throws BindException {
        for (int tries = FIRST_EPHEMERAL; tries <= LAST_EPHEMERAL; tries++) {
            int port = next;
            next = port == LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
            if (!LISTENING.containsKey(port)) {
                return port;
            }
        }
        throw new BindException("no free port");
    }

    static synchronized void release(int port, InMemoryTransport transport) {
        LISTENING.remove(port, transport);
    }

    static InMemoryConnection connect(InetSocketAddress address, HandshakeRequest request, Duration timeout)
            throws IOException, InterruptedException {
        InMemoryTransport transport;
        synchronized (InMemoryPorts.class) {
            transport = LISTENING.get(address.getPort());
        }
        if (transport == null) {
            throw new ConnectException("connection refused: port " + address.getPort());
        }
        return transport.connect(request, timeout);
    }
}
