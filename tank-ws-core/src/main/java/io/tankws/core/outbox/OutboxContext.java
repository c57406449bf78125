package io.tankws.core.outbox;

import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import io.tankws.core.flow.FlowControl;

/** The parts of a manager that all its outboxes share. */
public record OutboxContext(OverflowPolicy policy, Counters counters, FlowControl flow) {}
