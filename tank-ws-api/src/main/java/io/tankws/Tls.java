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
 * The encryption of a server (RFC 6455 section 10.6): its URIs begin with {@code wss}. The server speaks TLS 1.2 and
 * 1.3. Immutable.
 */
public final class Tls {
    /** The use of client certificates in the TLS handshake. */
    public enum ClientCertificates {
        /** The server does not ask for a certificate. This is the default. */
        NONE,
        /** The server asks for a certificate. A client may have none; one that is not trusted fails the handshake. */
        OPTIONAL,
        /** The server asks for a certificate. The handshake fails without a trusted one. */
        REQUIRED
    }

    private final SSLContext context;
    private final ClientCertificates clientCertificates;

    private Tls(SSLContext context, ClientCertificates clientCertificates) {
        this.context = Objects.requireNonNull(context, "context");
        this.clientCertificates = Objects.requireNonNull(clientCertificates, "clientCertificates");
    }

    /**
     * Creates an encryption with a context of the application. Clients are not asked for certificates.
     *
     * @param context initialized with the server's key, and with trust in the certificates of clients if they show any
     * @return the encryption
     */
    public static Tls of(SSLContext context) {
        return new Tls(context, ClientCertificates.NONE);
    }

    /**
     * Creates an encryption with the key of a key store file. Clients are not asked for certificates.
     *
     * @param keyStore of a type that the JDK knows, such as PKCS #12
     * @param password of the store and of its key
     * @return the encryption
     * @throws IOException if the file cannot be read, or the password is wrong
     * @throws GeneralSecurityException if the file is not such a key store
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
     * Configures whether clients show certificates, which {@link HandshakeRequest#peerCertificates()} returns. The
     * default is {@link ClientCertificates#NONE}.
     *
     * @param mode whether the server asks for a certificate
     * @return a changed copy
     */
    public Tls withClientCertificates(ClientCertificates mode) {
        return new Tls(context, mode);
    }

    /** {@return the context with the server's key} */
    public SSLContext context() {
        return context;
    }

    /** {@return whether clients show certificates} */
    public ClientCertificates clientCertificates() {
        return clientCertificates;
    }
}
