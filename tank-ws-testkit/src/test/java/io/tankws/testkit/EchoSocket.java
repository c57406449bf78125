package io.tankws.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An echo server that records the received bytes and the end of each connection. */
final class EchoSocket implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Visit> visits = new CopyOnWriteArrayList<>();

    EchoSocket() throws IOException {
        Thread thread = new Thread(this::accept, "echo-accept");
        thread.setDaemon(true);
        thread.start();
    }

    static final class Visit {
        private final Socket socket;
        private final List<Integer> reads = new CopyOnWriteArrayList<>();
        private volatile String end = "";

        private Visit(Socket socket) {
            this.socket = socket;
        }

        int bytes() {
            return reads.stream().mapToInt(count -> count).sum();
        }

        List<Integer> reads() {
            return reads;
        }

        /** {@code eof}, {@code reset}, or empty while it is open. */
        String end() {
            return end;
        }

        private void run() {
            byte[] buffer = new byte[1024];
            try (socket) {
                int count;
                while ((count = socket.getInputStream().read(buffer)) >= 0) {
                    reads.add(count);
                    socket.getOutputStream().write(buffer, 0, count);
                }
                end = "eof";
            } catch (IOException e) {
                end = "reset";
            }
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    Visit visit(int number) {
        Await.until("connection " + number, () -> visits.size() > number);
        return visits.get(number);
    }

    private void accept() {
        try {
            while (true) {
                Visit visit = new Visit(listening.accept());
                visits.add(visit);
                Thread thread = new Thread(visit::run, "echo");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // The socket is closed.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Visit visit : visits) {
                visit.socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
