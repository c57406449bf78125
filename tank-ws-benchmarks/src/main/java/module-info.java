/** Repeats the project's speed figures: a load generator, the servers it is pointed at, and what draws the results. */
module io.tankws.benchmarks {
    requires com.fasterxml.jackson.core;
    requires io.tankws.core;
}
