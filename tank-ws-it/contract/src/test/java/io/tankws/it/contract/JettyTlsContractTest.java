package io.tankws.it.contract;

import io.tankws.Tls;
import io.tankws.WebSocketServer;
import io.tankws.testkit.TestKeys;
import io.tankws.testkit.contract.ConnectionContract;
import io.tankws.testkit.contract.RequestHeadContract;
import io.tankws.testkit.contract.RequestLineContract;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Connections over TLS. */
class JettyTlsContractTest extends ConnectionContract implements CoreFixture {
    @TempDir
    private static Path directory;

    private static Tls tls;
    private static SSLContext trust;

    @BeforeAll
    static void makeKey() throws IOException, InterruptedException, GeneralSecurityException {
        Path key = TestKeys.create(directory, "server");
        tls = Tls.of(key, TestKeys.PASSWORD.toCharArray());
        trust = TestKeys.trusting(key);
    }

    @Override
    public String transport() {
        return "jetty";
    }

    @Override
    public WebSocketServer.Builder server() {
        return new SecureBuilder(CoreFixture.super.server().tls(tls), trust);
    }

    @Nested
    class RequestHeads extends RequestHeadContract {
        RequestHeads() {
            super(JettyTlsContractTest.this);
        }
    }

    @Nested
    class RequestLines extends RequestLineContract {
        RequestLines() {
            super(JettyTlsContractTest.this);
        }
    }
}
