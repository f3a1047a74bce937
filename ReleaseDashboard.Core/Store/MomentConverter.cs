using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ReleaseDashboard.Core.Store;

/// <summary>A moment as ticks of UTC.</summary>
internal sealed class MomentConverter() : ValueConverter<DateTimeOffset, long>(moment => moment.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
