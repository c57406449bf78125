package io.tankws.core.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.TopicOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The members of a topic as simple lists, beside the real ones. Each command is run on both. */
final class PresenceModel implements PresenceReports {
    static final int CLIENTS = 4;
    static final int MAX_PENDING = 2;
    private static final int USERS = 2;
    private static final long GRACE = 10;
    private static final TopicOptions OPTIONS = TopicOptions.builder()
            .presence()
            .joinLeave()
            .leaveGrace(Duration.ofNanos(GRACE))
            .build();

    /** A member whose connection has ended. */
    private record Waiting(String id, int user, long due) {}

    /** A member with a connection. */
    private record Connected(String id, int user) {}

    private final PendingLeaves leaves = new PendingLeaves(MAX_PENDING);
    private final PresenceContext context = new PresenceContext("", false, leaves, this, () -> time());
    private final TopicMembers members = new TopicMembers("t", context);
    private final TreeMap<Long, Connected> connected = new TreeMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    /** Numbers of the current connections; 0 for a client without a subscription. */
    private final long[] numbers = new long[CLIENTS];

    private final List<String> expected = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private long now;
    private long lastNumber;

    private long time() {
        return now;
    }

    @Override
    public void report(PresenceEvent event) {
        reported.add((event instanceof PresenceEvent.Joined ? "+" : "-")
                + event.member().id());
    }

    @Override
    public void expire(PendingLeave leave) {
        members.expire(leave);
        leave.report();
    }

    @Override
    public void lost() {
        throw new AssertionError("an event was lost");
    }

    void run(PresenceCommand command) {
        int client = command.client();
        switch (command.action()) {
            case SUBSCRIBE -> subscribe(client);
            case UNSUBSCRIBE -> end(client, false);
            case DISCONNECT -> end(client, true);
            case PASS_TIME -> now += command.client();
            case EXPIRE -> {
                leaves.expire(now, this::expire);
                expireModel(now);
            }
        }
        members.report();
        check();
    }

    private void subscribe(int client) {
        if (numbers[client] != 0) {
            return;
        }
        long number = ++lastNumber;
        numbers[client] = number;
        int user = client % USERS;
        String id = "c" + number;
        PresenceMember member = new PresenceMember(id, id, "u" + user, Optional.empty(), Optional.empty(), "");
        members.join(
                new Arrival(new PresenceContext("", false, leaves, this, () -> now), number, member, OPTIONS, null));
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting candidate = all.next();
            if (candidate.user() == user) {
                all.remove();
                connected.put(number, new Connected(candidate.id(), user));
                return;
            }
        }
        connected.put(number, new Connected(id, user));
        expected.add("+" + id);
    }

    private void end(int client, boolean isDisconnected) {
        long number = numbers[client];
        members.leave(number, isDisconnected);
        numbers[client] = 0;
        Connected left = connected.remove(number);
        if (left == null) {
            return;
        }
        if (!isDisconnected) {
            expected.add("-" + left.id());
            return;
        }
        waiting.add(new Waiting(left.id(), left.user(), now + GRACE));
        if (waiting.size() > MAX_PENDING) {
            expected.add("-" + waiting.remove(0).id());
        }
    }

    private void expireModel(long until) {
        while (!waiting.isEmpty() && waiting.get(0).due() <= until) {
            expected.add("-" + waiting.remove(0).id());
        }
    }

    private void check() {
        assertEquals(expected, reported);
        Set<String> ids = new HashSet<>();
        Set<Integer> users = new HashSet<>();
        connected.values().forEach(member -> {
            ids.add(member.id());
            users.add(member.user());
        });
        waiting.forEach(member -> {
            ids.add(member.id());
            users.add(member.user());
        });
        UserCount count = members.count();
        assertEquals(ids.size(), count.connections());
        assertEquals(users.size(), count.users());
        assertEquals(waiting.size(), leaves.size());
        List<PresenceMember> all = members.list(CLIENTS + MAX_PENDING).members();
        assertEquals(ids.size(), all.size());
        all.forEach(member -> assertTrue(ids.contains(member.id())));
    }

    /** Ends all members, which leaves nothing. */
    void end() {
        for (int client = 0; client < CLIENTS; client++) {
            end(client, client % 2 == 0);
            members.report();
        }
        leaves.close(this::expire);
        expireModel(Long.MAX_VALUE);
        members.report();
        check();
        assertTrue(members.isEmpty());
        assertEquals(0, leaves.size());
        Set<String> present = new HashSet<>();
        for (String event : reported) {
            String id = event.substring(1);
            assertTrue(event.startsWith("+") ? present.add(id) : present.remove(id), event);
        }
        assertEquals(Set.of(), present);
    }
}
