"""Open network of FIFO stations in SimPy: the yardstick for bench/.

    python3 network.py '{"arrivalRate": 0.8, "servers": [1], "serviceTime": [1], "routing": [[0]],
                         "customers": 100000, "seed": 1}'

prints {"finished": ..., "mean": ..., "seconds": ...}; seconds is the processor time inside env.run().
One process a customer, one Resource a station, no statistics beyond the mean response time.
"""

import json
import random
import sys
import time

import simpy


def run(model):
    env = simpy.Environment()
    expovariate = random.Random(model["seed"]).expovariate
    choose = random.Random(model["seed"] + 1).random
    stations = [simpy.Resource(env, capacity=servers) for servers in model["servers"]]
    service_rate = [1 / mean for mean in model["serviceTime"]]
    routes = [
        [(to, sum(row[: to + 1])) for to, probability in enumerate(row) if probability > 0]
        for row in model["routing"]
    ]
    customers = model["customers"]
    finished = 0
    total = 0.0
    done = env.event()

    def customer():
        nonlocal finished, total
        born = env.now
        station = 0
        while station >= 0:
            with stations[station].request() as request:
                yield request
                yield env.timeout(expovariate(service_rate[station]))
            here, station = station, -1
            if routes[here]:
                u = choose()
                for to, below in routes[here]:
                    if u < below:
                        station = to
                        break
        finished += 1
        total += env.now - born
        if finished == customers:
            done.succeed()

    def source():
        rate = model["arrivalRate"]
        while True:
            yield env.timeout(expovariate(rate))
            env.process(customer())

    env.process(source())
    started = time.process_time()
    env.run(until=done)
    return {"finished": finished, "mean": total / finished, "seconds": time.process_time() - started}


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))
