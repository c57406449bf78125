package io.tankws.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Key stores (PKCS #12) for tests of TLS. Each has one private key with a self-signed certificate for {@code localhost}
 * and 127.0.0.1. The {@code keytool} of the JDK creates them. Thread-safe.
 */
public final class TestKeys {
    /** The password of every store and of its key. */
    public static final String PASSWORD = "changeit";

    private static final int MAX_SECONDS = 60;
    private static final String HIGHEST_PROTOCOL = "TLS";

    private TestKeys() {}

    /**
     * Creates a store. It takes about a second.
     *
     * @param directory the directory of the store and of the output of {@code keytool}
     * @param name the alias of the key, the common name of the certificate and the name of the file
     * @return the file of the store
     * @throws IOException if {@code keytool} fails or takes longer than 60 seconds
     * @throws InterruptedException if the thread is interrupted while it waits for {@code keytool}
     */
    public static Path create(Path directory, String name) throws IOException, InterruptedException {
        Path store = directory.resolve(name + ".p12");
        Path log = directory.resolve(name + ".log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(MAX_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
        return store;
    }

    /**
     * Returns the content of a store.
     *
     * @param store a file that {@link #create} has returned
     * @return the key and its certificate
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if the JDK does not support the store
     */
    public static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    /**
     * Returns a context that presents no certificate.
     *
     * @param trusted the store with the only certificate that the context trusts
     * @return a context with the highest protocol that the JDK supports
     * @throws IOException if the store cannot be read
     * @throws GeneralSecurityException if the JDK does not support the store
     */
    public static SSLContext trusting(Path trusted) throws IOException, GeneralSecurityException {
        return trusting(HIGHEST_PROTOCOL, trusted);
    }

    /**
     * Returns a context that presents no certificate.
     *
     * @param protocol the highest protocol of the context, such as {@code TLSv1.2}
     * @param trusted the store with the only certificate that the context trusts
     * @return a context
     * @throws IOException if the store cannot be read
     * @throws GeneralSecurityException if the JDK does not support the store or the protocol
     */
    public static SSLContext trusting(String protocol, Path trusted) throws IOException, GeneralSecurityException {
        return context(protocol, null, trusted);
    }

    /**
     * Returns a context that presents a certificate.
     *
     * @param own the store with the key and the certificate of the context
     * @param trusted the store with the only certificate that the context trusts
     * @return a context with the highest protocol that the JDK supports
     * @throws IOException if a store cannot be read
     * @throws GeneralSecurityException if the JDK does not support a store
     */
    public static SSLContext presenting(Path own, Path trusted) throws IOException, GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load(own), PASSWORD.toCharArray());
        return context(HIGHEST_PROTOCOL, factory.getKeyManagers(), trusted);
    }

    private static SSLContext context(String protocol, KeyManager @Nullable [] own, Path trusted)
            throws IOException, GeneralSecurityException {
        KeyStore source = load(trusted);
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry(
                "trusted", source.getCertificate(source.aliases().nextElement()));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(certificates);
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(own, factory.getTrustManagers(), null);
        return context;
    }
}
