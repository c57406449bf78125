package io.tankws.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.tankws.Compression;
import io.tankws.TankWsException;
import io.tankws.Tls;
import io.tankws.TransportSelectionException;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.spi.Capability;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class TransportCapabilityTest {
    private static final String REMEDY =
            "; use a transport that can, such as jetty of io.tankws:tank-ws-transport-jetty";

    private static WebSocketServer.Builder server(Capability... capabilities) {
        return TankWs.serve(new TransportProvider() {
            @Override
            public String name() {
                return "limited";
            }

            @Override
            public Set<Capability> capabilities() {
                return Set.of(capabilities);
            }

            @Override
            public Transport create(TransportConfig config) {
                return fail("the request was not refused");
            }
        });
    }

    private static Tls tls() throws NoSuchAlgorithmException {
        return Tls.of(SSLContext.getDefault());
    }

    private static void assertRefused(String expected, WebSocketServer.Builder server) {
        TankWsException refused = assertThrows(TransportSelectionException.class, server::start);
        assertEquals(expected, refused.getMessage());
    }

    @Test
    void tlsNeedsTheCapability() throws Exception {
        assertRefused(
                "the limited transport cannot encrypt connections with TLS, but Builder.tls requests it" + REMEDY
                        + ", or put a TLS proxy in front of this server",
                server().tls(tls()));
    }

    @Test
    void clientCertificatesNeedTheCapability() throws Exception {
        assertRefused(
                "the limited transport cannot ask clients for TLS certificates, but Tls.clientCertificates requests it"
                        + REMEDY,
                server(Capability.TLS).tls(tls().withClientCertificates(Tls.ClientCertificates.OPTIONAL)));
    }

    @Test
    void requiredCompressionNeedsTheCapability() {
        Upgrader required = Upgrader.defaults().withCompression(Compression.REQUIRED);
        assertRefused(
                "the limited transport cannot compress messages, but the upgrader of the path /ws requires it" + REMEDY
                        + ", or Compression.IF_AVAILABLE",
                server().handle("/ws", TankWs.builder().upgrader(required).build()));
    }
}
