package io.tankws;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * How a server encrypts (RFC 6455 section 10.6): its URIs begin with {@code wss}. TLS 1.2 and 1.3 are spoken. Immutable.
 *
 * @param context holds the server's key, and whom to trust where clients show certificates
 * @param clientCertificates whether clients show certificates; {@link HandshakeRequest#peerCertificates()} has them
 */
public record Tls(SSLContext context, ClientCertificates clientCertificates) {
    /** Whether a client shows a certificate. */
    public enum ClientCertificates {
        /** It is not asked. The default. */
        NONE,
        /** It is asked, and may have none; one that is not trusted ends the TLS handshake. */
        OPTIONAL,
        /** Without a trusted one the TLS handshake fails. */
        REQUIRED
    }

    /**
     * Checks.
     *
     * @param context {@link #context()}
     * @param clientCertificates {@link #clientCertificates()}
     */
    public Tls {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(clientCertificates, "clientCertificates");
    }

    /**
     * Encrypts with what an application has set up.
     *
     * @param context initialized
     * @return clients are not asked for certificates
     */
    public static Tls of(SSLContext context) {
        return new Tls(context, ClientCertificates.NONE);
    }

    /**
     * Encrypts with the key of a key store file.
     *
     * @param keyStore of a type that the JDK knows, such as PKCS #12
     * @param password of the store and of its key
     * @return clients are not asked for certificates
     * @throws IOException if the file cannot be read, or the password is wrong
     * @throws GeneralSecurityException if there is no such key store
     */
    public static Tls of(Path keyStore, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return of(context);
    }

    /**
     * Sets whether clients show certificates.
     *
     * @param wanted instead of {@link ClientCertificates#NONE}
     * @return a copy
     */
    public Tls withClientCertificates(ClientCertificates wanted) {
        return new Tls(context, wanted);
    }
}
