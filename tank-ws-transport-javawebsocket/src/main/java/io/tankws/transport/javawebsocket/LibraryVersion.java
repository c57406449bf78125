package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.LibraryVersionCheck;
import java.nio.channels.ServerSocketChannel;
import org.java_websocket.server.WebSocketServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of Java-WebSocket that this transport supports. Earlier ones cannot use a socket that is bound already.
 */
final class LibraryVersion {
    static final String LINE = "1.6";
    static final String TESTED = "1.6.0";

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String REMEDY =
            "Set the version of org.java-websocket:Java-WebSocket to " + TESTED + ", or use the jetty transport.";

    private LibraryVersion() {}

    /**
     * Checks the Java-WebSocket on the path.
     *
     * @throws io.tankws.LibraryVersionException if this transport cannot work with it
     */
    static void require() {
        LibraryVersionCheck.of("The java-websocket transport of tank-ws", "Java-WebSocket", LINE)
                .part(WebSocketServer.class, "org.java-websocket", "Java-WebSocket")
                .require(LibraryVersion::link, REMEDY, LOG::warn);
    }

    /** Requires the constructor that earlier versions lack. */
    @SuppressWarnings("ReturnValueIgnored") // only its presence matters
    private static void link() {
        try {
            WebSocketServer.class.getDeclaredConstructor(ServerSocketChannel.class);
        } catch (NoSuchMethodException e) {
            throw new NoSuchMethodError(e.getMessage());
        }
    }
}
