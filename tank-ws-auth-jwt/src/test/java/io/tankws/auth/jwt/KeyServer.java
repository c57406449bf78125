package io.tankws.auth.jwt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that answers each request with the same response, as a server of keys does. */
final class KeyServer implements AutoCloseable {
    private final ServerSocket server;
    /** Number of requests. Guarded by this object, which is notified of each. */
    private int requests;

    private volatile String response = "";
    /** The responses wait for it. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    KeyServer() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "key-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> answer(socket));
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private void answer(Socket socket) {
        try (socket;
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            String line = reader.readLine();
            while (line != null && !line.isEmpty()) {
                line = reader.readLine();
            }
            synchronized (this) {
                requests++;
                notifyAll();
            }
            gate.await();
            out.write(response.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | InterruptedException e) {
            // The client has closed the connection.
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/keys");
    }

    void serve(String body) {
        response = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    void serveRaw(String response) {
        this.response = response;
    }

    /** Makes the responses wait. Returns the latch that lets them go. */
    CountDownLatch hold() {
        gate = new CountDownLatch(1);
        return gate;
    }

    synchronized int requests() {
        return requests;
    }

    /** Waits until there are at least so many requests, for at most 10 s. Returns their number. */
    synchronized int awaitRequests(int number) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (requests < number && deadline - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
        }
        return requests;
    }

    @Override
    public void close() {
        gate.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
