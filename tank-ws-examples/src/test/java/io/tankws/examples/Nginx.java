package io.tankws.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tankws.testkit.FreePort;
import io.tankws.testkit.TestKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A running nginx with the configuration of docs/guide/proxies.md, on a free port. */
final class Nginx implements AutoCloseable {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("basedir", ".")).resolve("../docs/guide/proxies.md");
    private static final Pattern CONFIGURATION = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);
    private static final int SECONDS = 60;

    private final Path directory;
    private final Path keyStore;
    private final Process process;
    private final int port;

    /** Starts nginx in an empty directory, in front of a running server, with a key store of {@link TestKeys}. */
    Nginx(Path directory, Path keyStore, Server server) throws Exception {
        Path program = program();
        this.directory = directory;
        this.keyStore = keyStore;
        port = FreePort.find();
        writeKey();
        Files.writeString(directory.resolve("nginx.conf"), configuration(server));
        process = new ProcessBuilder(program.toString(), "-p", directory.toString(), "-e", "stderr", "-c", "nginx.conf")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.log").toFile())
                .start();
        try {
            Await.until("nginx to listen:\n" + log(), () -> isListening() || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException("nginx ended: " + log());
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private static Path program() {
        List<Path> found = Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
                .map(Path::of)
                .filter(Files::isExecutable)
                .toList();
        assumeTrue(!found.isEmpty(), "no nginx on this machine, so the configuration for it is not tested");
        return found.get(0);
    }

    /** Returns the configuration of the document, with other ports and files. */
    private String configuration(Server server) throws IOException {
        Matcher matcher = CONFIGURATION.matcher(Files.readString(DOCUMENT));
        if (!matcher.find()) {
            throw new IOException("no configuration in " + DOCUMENT);
        }
        String shown = matcher.group(1)
                .replace("listen 443", "listen 127.0.0.1:" + port)
                .replace(
                        "/etc/nginx/chat.example.org", directory.resolve("chat").toString())
                .replace("127.0.0.1:8080/ws", "127.0.0.1:" + server.port() + "/ws")
                .replace("127.0.0.1:8081", "127.0.0.1:" + server.httpPort());
        String temporary = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(kind -> kind + "_temp_path " + kind + ";\n")
                .reduce("", String::concat);
        return "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\nhttp {\naccess_log off;\n" + temporary
                + shown + "}\n";
    }

    private void writeKey() throws Exception {
        KeyStore keys = TestKeys.load(keyStore);
        write("chat.crt", "CERTIFICATE", keys.getCertificate("chat").getEncoded());
        write(
                "chat.key",
                "PRIVATE KEY",
                keys.getKey("chat", TestKeys.PASSWORD.toCharArray()).getEncoded());
    }

    private void write(String file, String kind, byte[] encoded) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("nginx.log"));
    }

    int port() {
        return port;
    }

    /** Opens a connection over TLS that trusts nginx's certificate. */
    Socket connect() throws IOException, GeneralSecurityException {
        SSLContext context = TestKeys.trusting(keyStore);
        Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(SECONDS * 1000);
        return socket;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(null, SECONDS, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
