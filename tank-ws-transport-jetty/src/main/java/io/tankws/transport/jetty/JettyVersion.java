package io.tankws.transport.jetty;

import io.tankws.spi.support.LibraryVersionCheck;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of Jetty that this transport supports. On Jetty 12.0 it would accept connections and never read them.
 */
final class JettyVersion {
    static final String LINE = "12.1";
    static final String TESTED = "12.1.14";

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String GROUP = "org.eclipse.jetty";
    private static final String WEBSOCKET_GROUP = "org.eclipse.jetty.websocket";
    private static final String REMEDY = "Set the version of all of Jetty to " + TESTED
            + ": with Spring Boot by the Maven property <jetty.version>" + TESTED
            + "</jetty.version>, otherwise by importing org.eclipse.jetty:jetty-bom:" + TESTED
            + "; or use the java-websocket transport.";

    private JettyVersion() {}

    /**
     * Checks the Jetty on the path.
     *
     * @throws io.tankws.LibraryVersionException if this transport cannot work with it
     */
    static void require() {
        LibraryVersionCheck.of("The jetty transport of tank-ws", "Jetty", LINE)
                .part(Server.class, GROUP, "jetty-server")
                .part(Callback.class, GROUP, "jetty-util")
                .part(EndPoint.class, GROUP, "jetty-io")
                .part(HttpField.class, GROUP, "jetty-http")
                .part(CoreSession.class, WEBSOCKET_GROUP, "jetty-websocket-core-common")
                .part(WebSocketServerComponents.class, WEBSOCKET_GROUP, "jetty-websocket-core-server")
                .require(JettyVersion::link, REMEDY, LOG::warn);
    }

    /** Links methods that Jetty 12.0 lacks: a method reference is linked when it is evaluated. */
    private static void link() {
        BiFunction<EndPoint, Throwable, Callback> cancel = EndPoint::cancelWrite;
        BiConsumer<CoreSession, OutgoingEntry> send = CoreSession::sendFrame;
        LOG.debug("Jetty of an unknown version has the methods that are needed: {} {}", cancel, send);
    }
}
