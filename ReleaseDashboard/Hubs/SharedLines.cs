using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Hubs;

/// <summary>A <see cref="LogBatchMessage"/> whose lines are written already.</summary>
public sealed record LogBatchOnWire(long FirstLine, WrittenLines Lines, long TotalLines, bool Ended);

/// <summary>JSON of a list of lines.</summary>
[JsonConverter(typeof(Converter))]
public sealed record WrittenLines(ReadOnlyMemory<byte> Utf8)
{
    private sealed class Converter : JsonConverter<WrittenLines>
    {
        public override WrittenLines Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Lines are only sent.");

        public override void Write(Utf8JsonWriter writer, WrittenLines value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}

/// <summary>Writes lines once for all clients who are sent them: those who follow a log get one and the same list.</summary>
public sealed class SharedLines(IOptions<JsonHubProtocolOptions> json)
{
    private readonly ConditionalWeakTable<IReadOnlyList<LogLine>, WrittenLines> _written = [];

    public LogBatchOnWire Of(LogBatch batch) => new(batch.FirstLine, _written.GetValue(batch.Lines, Write), batch.TotalLines, batch.Ended);

    private WrittenLines Write(IReadOnlyList<LogLine> lines) => new(JsonSerializer.SerializeToUtf8Bytes(lines.Select(LogLineMessage.Of), json.Value.PayloadSerializerOptions));
}
