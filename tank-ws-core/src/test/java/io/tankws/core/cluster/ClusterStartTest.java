package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.BackplaneProvider;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClusterStartTest {
    private final AtomicInteger leases = new AtomicInteger();

    private Manager manager(Consumer<BackplaneListener> start) {
        Backplane backplane = (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        start.accept((BackplaneListener) arguments[0]);
                    } else if (method.getName().equals("publishCounts")) {
                        leases.incrementAndGet();
                    }
                    if (method.getReturnType() == Optional.class) {
                        return Optional.empty();
                    }
                    return method.getReturnType() == void.class ? null : CompletableFuture.completedStage(null);
                });
        BackplaneProvider provider = new TestBackplane(backplane);
        return TankWs.builder(provider)
                .cluster(ClusterConfig.of("test", "test:x"))
                .build();
    }

    /** Without a started backplane, no message of a client would reach other nodes, and no event would report it. */
    @Test
    void nobodyIsLetInBeforeTheBackplaneIsThere() {
        AtomicReference<Manager> starting = new AtomicReference<>();
        AtomicReference<Boolean> running = new AtomicReference<>();
        starting.set(manager(listener -> {
            running.set(starting.get().isRunning());
            listener.onConnected(BackplaneListener.Continuity.SAME_SERVER);
        }));
        try (Manager manager = starting.get().start()) {
            assertEquals(false, running.get());
            assertTrue(manager.isRunning());
            assertTrue(manager.cluster().health().isUp());
        }
    }

    /** Nodes that revoke a permission wait only for nodes with a lease. */
    @Test
    void aNodeHasALeaseBeforeItsClientsConnect() {
        try (Manager manager = manager(listener -> listener.onConnected(BackplaneListener.Continuity.SAME_SERVER))) {
            manager.start();
            assertEquals(1, leases.get());
        }
    }

    @Test
    void aManagerThatCannotStartCanBeShutDown() {
        Manager manager = manager(listener -> {
            throw new IllegalStateException("of this test");
        });
        assertThrows(IllegalStateException.class, manager::start);
        manager.shutdown(Duration.ZERO);
        // The second shutdown returns at once too.
        manager.shutdown(Duration.ZERO);
        assertThrows(IllegalStateException.class, manager::start);
    }
}
