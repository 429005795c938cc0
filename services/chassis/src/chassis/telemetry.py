"""Traces from HTTP through the log to the stored row: one provider per service, `traceparent` in record headers.

Spans follow OpenTelemetry's messaging conventions. Nothing is exported, and nothing is recorded, unless an OTLP
endpoint is configured (`OTEL_EXPORTER_OTLP_ENDPOINT`) or a caller passes an exporter; trace ids exist all the same, so
that logs and problem documents can be joined.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.propagation import get_current_span, set_span_in_context

from chassis.event_log import Headers, Position, Record

TRACEPARENT = "traceparent"
# W3C trace context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header-field-values
_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_spans: ContextVar[dict[Position, Span] | None] = ContextVar("spans of the batch in hand", default=None)


class Telemetry:
    """The tracer of one service, and the way a trace crosses the log."""

    def __init__(self, service: str, exporter: SpanExporter | None = None) -> None:
        """`exporter` is for tests; without it the OTLP exporter is used when its endpoint is configured."""
        resource = Resource.create({SERVICE_NAME: service})
        configured = "OTEL_EXPORTER_OTLP_ENDPOINT" in os.environ or "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" in os.environ
        self.is_exporting = exporter is not None or configured
        """Whether spans are recorded at all."""
        if exporter is not None:
            self.provider = TracerProvider(resource=resource)
            self.provider.add_span_processor(SimpleSpanProcessor(exporter))
        elif configured:
            # The sampler comes from OTEL_TRACES_SAMPLER, as OpenTelemetry's users expect.
            self.provider = TracerProvider(resource=resource)
            self.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        else:
            self.provider = TracerProvider(resource=resource, sampler=ParentBased(ALWAYS_OFF))
        self.service = service
        self.tracer = self.provider.get_tracer(service)

    @contextmanager
    def sending(self, topic: str, machine_id: str | None = None) -> Iterator[Headers]:
        """A PRODUCER span `send <topic>` around a publish; gives the headers that carry it on the record."""
        attributes = {
            "messaging.system": "kafka",
            "messaging.operation.type": "send",
            "messaging.destination.name": topic,
        }
        if machine_id is not None:
            attributes["pm.machine_id"] = machine_id
        with self.tracer.start_as_current_span(f"send {topic}", kind=SpanKind.PRODUCER, attributes=attributes) as span:
            yield _headers_of(span.get_span_context())

    @contextmanager
    def processing(self, records: Sequence[Record], group: str) -> Iterator[None]:
        """A CONSUMER span `process <topic>` for each sampled record, parented to the record's `traceparent`.

        The spans are open while the batch is handled; `onward` hands them to the records that come out of it.
        """
        spans: dict[Position, Span] = {}
        for record in records:
            parent = _context_of(record)
            if parent is not None and parent.trace_flags.sampled:
                spans[record.position] = self._consumer_span(record, parent, group)
        token = _spans.set(spans)
        try:
            yield
        finally:
            _spans.reset(token)
            for span in spans.values():
                span.end()

    def _consumer_span(self, record: Record, parent: SpanContext, group: str) -> Span:
        return self.tracer.start_span(
            f"process {record.topic}",
            context=set_span_in_context(NonRecordingSpan(parent)),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.destination.name": record.topic,
                "messaging.consumer.group.name": group,
                "messaging.destination.partition.id": str(record.partition),
                "messaging.kafka.offset": record.offset,
            },
        )

    def onward(self, record: Record) -> Headers:
        """The trace headers for what is made from `record`: its open span, else the trace it came with, else none."""
        span = (_spans.get() or {}).get(record.position)
        context = span.get_span_context() if span is not None else _context_of(record)
        return _headers_of(context) if context is not None else ()

    def close(self) -> None:
        """Export what is left."""
        self.provider.shutdown()


def carried_trace() -> Headers:
    """The headers that carry the current span onto a record; none outside of a request."""
    return _headers_of(get_current_span().get_span_context())


def _headers_of(context: SpanContext) -> Headers:
    if not context.is_valid:
        return ()
    trace_id, span_id = trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)
    value = f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"
    return ((TRACEPARENT, value.encode()),)


def _context_of(record: Record) -> SpanContext | None:
    """The trace context a record carries; None when it has none or a malformed one (records are untrusted input)."""
    for name, value in record.headers:
        if name == TRACEPARENT and (match := _TRACEPARENT.fullmatch(value)):
            trace_id, span_id, flags = (int(part, 16) for part in match.groups())
            context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
            return context if context.is_valid else None
    return None
