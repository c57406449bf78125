package io.tankws.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestKeysTest {
    @TempDir
    Path directory;

    @Test
    void aStoreHasOneKeyAndContextsUseIt() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = TestKeys.create(directory, "server");
        KeyStore keys = TestKeys.load(store);
        assertEquals(1, keys.size());
        assertTrue(keys.isKeyEntry("server"));
        String[] protocols =
                TestKeys.trusting("TLSv1.2", store).getDefaultSSLParameters().getProtocols();
        assertArrayEquals(new String[] {"TLSv1.2"}, protocols);
        assertEquals("TLS", TestKeys.trusting(store).getProtocol());
        assertEquals("TLS", TestKeys.presenting(store, store).getProtocol());
        assertThrows(NoSuchAlgorithmException.class, () -> TestKeys.trusting("none", store));
    }

    @Test
    void aFailureOfKeytoolShowsItsOutput() {
        IOException e = assertThrows(IOException.class, () -> TestKeys.create(directory, "a,b"));
        assertTrue(e.getMessage().startsWith("keytool failed: "), e::getMessage);
        assertTrue(e.getMessage().length() > 30, e::getMessage);
    }
}
