"""What goes wrong on the network: weather, cuts of every shape, contacts that are loose."""

from __future__ import annotations

from tests.sim.chance import between
from tests.sim.faults.scene import Faults, Strike


class NetworkFaults(Faults):
    def _classes(self) -> dict[str, Strike]:
        return {
            "loss": self._loss,
            "duplication": self._duplication,
            "delay": self._delay,
            "partition": self._partition,
            "oneway": self._oneway,
            "flap": self._flap,
            "link": self._link,
            "streams": self._streams,
            "refused": self._refused,
            "lasso": self._lasso,
        }

    def _loss(self, intensity: float) -> None:
        weather = self._world.network.weather
        weather.loss = 0.3 * intensity * self._random.random()
        self._world.fault("loss", "network", f"{weather.loss:.2f}")
        self._scene.undo_after(1, 30, lambda: setattr(weather, "loss", 0.0))

    def _duplication(self, intensity: float) -> None:
        weather = self._world.network.weather
        weather.duplication = 0.5 * intensity * self._random.random()
        self._world.fault("duplication", "network", f"{weather.duplication:.2f}")
        self._scene.undo_after(1, 30, lambda: setattr(weather, "duplication", 0.0))

    def _delay(self, intensity: float) -> None:
        weather = self._world.network.weather
        weather.spikes = 0.5 * intensity * self._random.random()
        weather.delay = between(self._random, 0.001, 0.05 + 0.2 * intensity)
        self._world.fault("delay", "network", f"{weather.delay:.3f} s, {weather.spikes:.2f}")

        def undo() -> None:
            weather.delay, weather.spikes = self._world.options.delay, 0.0

        self._scene.undo_after(1, 30, undo)

    def _partition(self, intensity: float) -> None:
        """Halves, one against all, a ring, or a bridge of one or two that alone hear both sides."""
        network = self._world.network
        names = list(network.names)
        self._random.shuffle(names)
        at = self._random.randint(1, max(1, len(names) - 1))
        left, right = tuple(names[:at]), tuple(names[at:])
        kind = self._random.choice(("halves", "halves", "bridge", "ring"))
        if kind == "bridge" and len(names) > 2:
            network.part((*left, *right[: self._random.randint(1, 2)]), right)
        elif kind == "ring" and len(names) > 3:
            network.part(*((a, b) for a, b in zip(names, names[1:] + names[:1], strict=True)))
        else:
            network.part(left, right)
        self._world.fault("partition", "network", f"{kind}: {' '.join(left)} | {' '.join(right)}")
        self._scene.undo_after(0.5, 60, network.heal)

    def _oneway(self, intensity: float) -> None:
        """One machine no longer hears one other, or none at all, or is heard by none."""
        network = self._world.network
        a, *others = self._random.sample(network.names, len(network.names))
        kind = self._random.choice(("one", "deaf", "mute"))
        targets = others[:1] if kind == "one" else others
        for b in targets:
            network.cut(*((b, a) if kind == "deaf" else (a, b)))
        self._world.fault("oneway", a, f"{kind}: {' '.join(targets)}")
        lasting = self._random.random() < 0.3  # long enough for what must come of it in the end
        low, high = (60, 120) if lasting else (0.5, 60)
        self._scene.undo_after(low, high, network.heal)

    def _flap(self, intensity: float) -> None:
        """A cable with a loose contact, at about the pace of the dead time."""
        machine, network = self._scene.machine(), self._world.network
        period = self._world.options.timing.deadtime * between(self._random, 0.3, 3)
        self._world.fault("flap", machine.name, f"every {period:.1f} s")

        def flip(left: int, closed: bool) -> None:
            if self._scene.over:
                return
            for other in network.names:
                if other != machine.name:
                    for pair in ((machine.name, other), (other, machine.name)):
                        (network.mend if closed else network.cut)(*pair)
            if left > 0 or not closed:
                self._world.agenda.after(period, flip, left - 1, not closed)

        flip(self._random.randint(2, 12), False)

    def _link(self, intensity: float) -> None:
        """One of the links of one machine."""
        machine, network = self._scene.machine(), self._world.network
        link = self._random.randrange(network.links)
        for other in network.names:
            if other != machine.name:
                network.cut(machine.name, other, link)
                network.cut(other, machine.name, link)
        self._world.fault("link", machine.name, f"link {link}")
        self._scene.undo_after(1, 40, network.heal)

    def _streams(self, intensity: float) -> None:
        if len(self._world.network.names) < 2:
            return
        a, b = self._random.sample(self._world.network.names, 2)
        self._world.fault("streams", a, f"reset to {b}")
        self._world.streams.reset(a, b)

    def _refused(self, intensity: float) -> None:
        """A machine behind a firewall that rejects: its port is refused, and it lives. (Ports are
        refused besides wherever hanode has died.)"""
        machine, network = self._scene.victim(), self._world.network
        others = [name for name in network.names if name != machine.name]
        behind = (
            others
            if self._random.random() < 0.5
            else self._random.sample(others, min(2, len(others)))
        )
        for other in behind:
            network.reject(other, machine.name)
            network.reject(machine.name, other)
        self._world.fault("refused", machine.name, " ".join(behind))
        self._scene.undo_after(0.5, 40, network.heal)

    def _lasso(self, intensity: float) -> None:
        """Of five, four hear each other in a ring; the fifth hangs on one of them, is half heard by
        two more, and begins anew meanwhile. What each knows of the others' wishes is then as
        partial as it can be, and all must find together once the cables are whole."""
        names = list(self._world.network.names)
        if len(names) < 5:
            return
        a, b, c, d, fifth, *others = self._random.sample(names, len(names))
        both = {(a, b), (b, c), (c, d), (d, a), (a, fifth), *((a, other) for other in others)}
        open_ = both | {(y, x) for x, y in both} | {(fifth, b), (fifth, c)}
        for x in names:
            for y in names:
                if x != y and (x, y) not in open_:
                    self._world.network.cut(x, y)
        self._world.fault("lasso", fifth, f"hangs on {a}, of the ring {a} {b} {c} {d}")
        dead = self._world.options.timing.deadtime
        machine = self._world.machines[fifth]
        self._scene.undo_after(dead, 4 * dead, lambda: machine.kill_part("heart"))
        self._scene.undo_after(6 * dead, 12 * dead, self._world.network.heal)
