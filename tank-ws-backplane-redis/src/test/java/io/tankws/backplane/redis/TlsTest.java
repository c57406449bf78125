package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tankws.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    @Test
    void encryptsAndRejectsAnUntrustedCertificate() throws IOException, GeneralSecurityException, InterruptedException {
        int port = FreePort.find();
        try (TestRedis redis = start(port)) {
            assertNotNull(redis);
            try (TestNode node = TestNode.up("c", "rediss://localhost:" + port + "?verifyPeer=NONE")) {
                node.subscribe("a");
                TestNode.join(node.publish("a", "1"));
                node.awaitMessage("a=1");
            }
            try (TestNode node = new TestNode("c", "rediss://localhost:" + port)) {
                node.awaitCall("down");
                assertEquals(0, node.count("up"));
            }
        }
    }

    private TestRedis start(int port) throws IOException, GeneralSecurityException, InterruptedException {
        KeyStore store = keys();
        Path key = pem("PRIVATE KEY", store.getKey("redis", PASSWORD).getEncoded());
        Path certificate = pem("CERTIFICATE", store.getCertificate("redis").getEncoded());
        try {
            return TestRedis.start(
                    "tls-port " + port,
                    "tls-key-file " + key,
                    "tls-cert-file " + certificate,
                    "tls-ca-cert-file " + certificate,
                    "tls-auth-clients no");
        } catch (AssertionError | RuntimeException e) {
            Assumptions.abort("skipped: this Redis has no TLS: " + e.getMessage());
            throw e;
        }
    }

    private KeyStore keys() throws IOException, GeneralSecurityException, InterruptedException {
        Path file = directory.resolve("keys.p12");
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, code);
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private Path pem(String type, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(type.replace(' ', '-')),
                "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }
}
