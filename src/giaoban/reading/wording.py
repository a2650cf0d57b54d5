"""The words of administrative Vietnamese that the rules know, and how they are looked up.

Written in the small letters and the new tone style of `View.low`. Only the language of the genre stands here: verbs in
which work is ordered, heads of names of organisations and offices, words that open a clause. No place, no person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Phrases:
    """A set of word sequences; the longest that begins at a place is found by its first word."""

    __slots__ = ("_by_first",)

    def __init__(self, *texts: str) -> None:
        phrases = {tuple(phrase.split()) for text in texts for phrase in _split(text)}
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            self._by_first.setdefault(phrase[0], []).append(phrase)

    def match(self, words: Sequence[str], at: int) -> int:
        """How many words the phrase at this place has; 0 where there is none."""
        if at < len(words):
            for phrase in self._by_first.get(words[at], ()):
                size = len(phrase)
                if size == 1 or tuple(words[at : at + size]) == phrase:
                    return size
        return 0


def either(*texts: str) -> str:
    """A pattern of alternatives, written one after another with " · " between them."""
    return "(?:" + "|".join(phrase for text in texts for phrase in _split(text)) + ")"


def word_set(text: str) -> frozenset[str]:
    """Single words, written one after another."""
    return frozenset(text.split())


def _split(text: str) -> Iterable[str]:
    return (phrase for phrase in (" ".join(part.split()) for part in text.split("·")) if phrase)


# Verbs with which work is ordered; at the head of an item or after a subject they make an instruction.
VERBS = Phrases(
    """
    tiếp tục · tăng cường · đẩy mạnh · chủ động · tích cực · tổ chức · thực hiện · triển khai · xây dựng ·
    rà soát · phối hợp · chủ trì · chỉ đạo · hướng dẫn · tham mưu · bố trí · sắp xếp · ban hành · tuyên truyền ·
    phổ biến · quán triệt · nghiên cứu · cân nhắc · đổi mới · nâng cao · nâng · phát huy · phát triển · đảm bảo ·
    bảo đảm · duy trì · củng cố · hoàn thiện · hoàn thành · hoàn chỉnh · hoàn tất · kiểm tra · giám sát ·
    thanh tra · đánh giá · xếp loại · phân loại · tổng hợp · báo cáo · đề xuất · trình · phê duyệt · lập ·
    thành lập · kiện toàn · quan tâm · chú trọng · chú ý · tập trung · ưu tiên · lựa chọn · chọn · bồi dưỡng ·
    đào tạo · tập huấn · huy động · vận động · khuyến khích · động viên · khích lệ · khen thưởng · biểu dương ·
    tuyên dương · xử lý · chấn chỉnh · khắc phục · ngăn chặn · ngăn ngừa · phòng chống · phòng ngừa · công khai ·
    niêm yết · cập nhật · thống kê · kê khai · nhập · gửi · nộp · đăng ký · cung cấp · chuẩn bị · mua sắm ·
    sửa chữa · đầu tư · cải tạo · trang bị · bổ sung · cân đối · phân bổ · quản lý · quản trị · sử dụng ·
    khai thác · ứng dụng · vận dụng · áp dụng · chuyển đổi · nhân rộng · phát động · hưởng ứng · tham gia ·
    tham dự · tạo điều kiện · tạo · hỗ trợ · giúp đỡ · giúp · giải quyết · tháo gỡ · xem xét · điều chỉnh ·
    điều động · luân chuyển · tuyển dụng · tuyển chọn · tuyển sinh · phân công · phân cấp · phân luồng ·
    phân tích · giao · đôn đốc · theo dõi · nắm bắt · nắm · lưu ý · nghiêm túc · nghiêm cấm · tuyệt đối ·
    khẩn trương · kịp thời · thường xuyên · định kỳ · quyết liệt · nỗ lực · phấn đấu · gắn · lồng ghép · kết hợp ·
    kết nối · giáo dục · rèn luyện · dạy · học tập · ôn tập · phụ đạo · bàn giao · tiếp nhận · tiếp thu ·
    thẩm định · xác định · xác minh · nhận thức · đa dạng hóa · chuẩn hóa · kiên cố hóa · xã hội hóa · số hóa ·
    hiện đại hóa · cụ thể hóa · tinh giản · tinh gọn · cải cách · cải tiến · cải thiện · giữ gìn · giữ vững · giữ ·
    bảo vệ · bảo quản · bảo trì · chăm sóc · chăm lo · nuôi dưỡng · đưa · mở rộng · mở · thúc đẩy · tạo lập ·
    thiết lập · hình thành · định hướng · khảo sát · thí điểm · hợp tác · liên kết · trao đổi · chia sẻ ·
    lắng nghe · đối thoại · giải trình · chịu trách nhiệm · có trách nhiệm · có giải pháp · có biện pháp ·
    có kế hoạch · có phương án · có hình thức · có cơ chế · có chính sách · có lộ trình · có các giải pháp ·
    có phương pháp · có chế độ · làm tốt · làm rõ · làm · coi trọng · đề cao · nêu cao · tôn vinh · kiểm soát ·
    hạn chế · giảm · tăng · thu hút · thu thập · thu · cấp phát · cấp · phát hiện · phát hành · tặng · trao ·
    rút kinh nghiệm · sơ kết · tổng kết · sơ , tổng kết · căn cứ · dựa · bám sát · tuân thủ · chấp hành ·
    thực hành · tiết kiệm · đề nghị · yêu cầu · kiến nghị · mời · kỷ luật · truyền thông · thông tin · thông báo ·
    cảnh báo · nhắc nhở · thống nhất · đoàn kết · dự giờ · sinh hoạt · quy hoạch · quyết tâm · sáp nhập ·
    dồn ghép · sát nhập · xóa · xóa bỏ · mua · lắp đặt · nâng cấp · giải ngân · quyết toán · thanh toán · chi trả ·
    kiểm kê · kiểm định · công nhận · tự đánh giá · lưu trữ · lưu · ký · biên soạn · thiết kế · dự báo · đề ra ·
    lãnh đạo · cử · bổ nhiệm · biệt phái · đón · trao tặng · quyên góp · ủng hộ · tạm dừng · dừng · cho phép ·
    cho · rà · đối chiếu · hiệu chỉnh · tính toán · phân bố · tiến hành · đăng tải · đăng · công bố · ghi ·
    ghi nhận · khơi dậy · xác lập · vận hành · lan tỏa · kết thúc · kê · đo · khám · tiêm · vệ sinh · trồng · cải ·
    học · dự · ra quân · ra soát · giải thích · tư vấn · cam kết · ký cam kết · phản ánh · kiểm điểm ·
    tự kiểm tra · bình xét · xét · xét duyệt · chấm · ra đề · coi thi · tạo môi trường · tạo nguồn · huy · dành ·
    chi · miễn · trả · chuyển · thay đổi · thay thế · loại bỏ · bãi bỏ · hủy bỏ · sửa đổi · đảm nhận · đảm nhiệm ·
    kế thừa · tận dụng · tranh thủ · khai giảng · tựu trường · tiếp cận · xây mới · quy định · nhắc · giao lưu ·
    kết nghĩa · đỡ đầu · chống · tránh · tôn trọng · nghiêm chỉnh · kiên quyết · cương quyết · nhanh chóng · sớm ·
    ngay · tiến đến · tiến tới · đẩy nhanh · đẩy lùi · rút ngắn · bứt phá · tháo dỡ · giảng dạy · khởi công ·
    khánh thành · khởi động · chỉ rõ · nêu rõ · nhìn nhận · tự giác · gương mẫu · đi đầu · linh hoạt · sáng tạo ·
    mạnh dạn · cân đo · khám sức khỏe · điều tra · phụ trách · trực tiếp · trực · duyệt · phê chuẩn · soạn ·
    soạn thảo · chấm chữa ·
    in ấn · trang trí · dọn dẹp · tổng vệ sinh · thăm · tri ân · gặp mặt · ký kết · luyện tập · thi đua ·
    họp · hội ý · giới thiệu · so sánh · điểm danh · thẩm tra · cung ứng · tố giác · khử khuẩn · phun · tiêm chủng ·
    theo sát · chốt · thông qua · ủy quyền · phân quyền · đề bạt · bầu · kết nạp ·
    chuyển giao · thanh lý · đấu thầu · nghiệm thu · giải phóng · giải tỏa · cắm · rào chắn · ứng phó · tôn tạo ·
    tìm hiểu · tìm kiếm · viết · phát sóng · thể chế hóa · đồng bộ hóa · đồng hành ·
    đặt hàng · gặp gỡ · tiếp xúc · tiếp công dân · tiếp dân · trả lời · giải đáp · tổng rà soát · duy tu ·
    bảo dưỡng · tu sửa · tu bổ · di dời · phân tuyến · thu gom · thu hồi · truy thu · tạm ứng · hoàn ứng ·
    cấp bù · hạch toán · sát hạch · thi tuyển · xét tuyển · hậu kiểm · lưu mẫu · quan trắc · tích hợp ·
    liên hệ · liên thông · làm việc · hợp đồng · hoàn trả · gia hạn · thẩm duyệt · tham vấn ·
    ghi hình · xử phạt · phân hóa · bám nắm · bám · đồng chủ trì · thường trực · trực ban · quy định rõ · nêu gương ·
    hoán đổi · điều phối · tổng duyệt · kiểm duyệt · nhân bản · treo · ôn · tầm soát · rút · giải thể · tổ chức lại ·
    cơ cấu lại · đo lường · phúc tra · xác thực · quy đổi · răn đe · đề phòng · phủ sóng · đối soát · tự rà soát ·
    tự khắc phục · phân nhóm · thành thạo · ký số · nêu cao tinh thần · lấy ý kiến · xin ý kiến · cho ý kiến ·
    là cơ quan · là đơn vị · là đầu mối · làm đầu mối
    """
)

# What may stand between a subject and its verb, or open an instruction by itself.
MODALS = Phrases(
    """
    cần · phải · cần phải · có trách nhiệm · chịu trách nhiệm · không được · tuyệt đối không · không ·
    có nhiệm vụ · có nghĩa vụ · nghiêm cấm · phải được · cần được · nên · hãy · cần tiếp tục · không để ·
    chỉ được
    """
)

# Adverbs before a verb.
ADVERBS = Phrases(
    """
    tiếp tục · chủ động · tích cực · khẩn trương · kịp thời · thường xuyên · nghiêm túc · quyết liệt · đồng thời ·
    định kỳ · hằng năm · hàng năm · hằng tháng · hàng tháng · hằng quý · hàng quý · hằng tuần · hàng tuần ·
    hằng ngày · sớm · nhanh chóng · kiên quyết · cùng · cũng · trực tiếp · từng bước · linh hoạt · ngay · tự ·
    phối hợp · chủ trì · quyết tâm · nỗ lực · tập trung · phải · cần · luôn · đẩy mạnh · tăng cường · mạnh dạn ·
    theo · căn cứ · trên cơ sở · trong · sẽ
    """
)

# Words that open a sentence and are no part of what is ordered.
OPENERS = Phrases(
    """
    hằng năm · hàng năm · hằng tháng · hàng tháng · hằng quý · hàng quý · hằng tuần · hàng tuần · hằng ngày ·
    hàng ngày · đồng thời · bên cạnh đó · ngoài ra · cùng với đó · mặt khác · đặc biệt · đặc biệt là · trước mắt ·
    trên cơ sở đó · theo đó · do đó · do vậy · vì vậy · cụ thể · cụ thể là · trong thời gian tới · thời gian tới ·
    từ đó · qua đó · tiếp theo · tiếp đó · sau đó · trong đó · riêng · nhất là · cũng theo thông báo kết luận ·
    hiện nay · để làm tốt việc đó · song song với đó · cuối cùng · chú ý · lưu ý · nhân dịp này · tại hội nghị ·
    tại buổi làm việc · tại cuộc họp · đối với các trường · bên cạnh đó cũng
    """
)

# Verbs that only a document or a chair says: what follows them is the instruction.
ORDERS = Phrases(
    """
    phân công · đề nghị · yêu cầu · giao · giao cho · giao nhiệm vụ cho · giao trách nhiệm cho · kính đề nghị ·
    kính mong · trân trọng đề nghị · thống nhất giao · đề nghị và yêu cầu · kêu gọi · mong muốn · mong ·
    kiến nghị
    """
)

# Words that begin like an order and are none.
NOT_ORDERS = Phrases(
    """
    giao ban · giao lưu · giao tiếp · giao thông · giao dịch · giao nhận · giao ước · giao hữu · giao cho phù hợp ·
    mong manh
    """
)

# Words that may stand before the head of a unit's name.
DETERMINERS = Phrases(
    """
    các · những · mọi · mỗi · từng · toàn thể · toàn bộ · tất cả · tất cả các · toàn thể các · một số · cả ·
    lãnh đạo · tập thể · đồng chí · các đồng chí · đ/c · các đ/c · ông · bà · riêng · đại diện · chính
    """
)

# Heads of names of organisations, offices and groups of people who can be told to do something.
HEADS = Phrases(
    """
    ủy ban nhân dân · ubnd · hội đồng nhân dân · hđnd · hđnd&ubnd · văn phòng · sở · phòng · bộ · ban · cục · vụ ·
    viện · tổng cục · chi cục · trung tâm · trường · trường học · nhà trường · đơn vị · đơn vị trường ·
    đơn vị trường học · cơ quan · cơ quan chức năng · cơ sở giáo dục · cơ sở gd · cơ sở gdpt · cơ sở gdmn ·
    cơ sở giáo dục phổ thông · cơ sở giáo dục mầm non · cơ sở đào tạo · cơ sở · địa phương · ngành ·
    ngành giáo dục · ngành gd&đt · ngành giáo dục và đào tạo · đoàn thể · tổ chức đoàn thể · tổ chức chính trị ·
    đảng ủy · chi bộ · chi ủy · cấp ủy · cấp ủy đảng · tỉnh ủy · huyện ủy · thành ủy · quận ủy · thị ủy · đảng bộ ·
    ban thường vụ · ban chấp hành · ban giám hiệu · bgh · ban chỉ đạo · ban quản lý dự án ·
    ban quản lý dự án đầu tư xây dựng · ban quản lý dự án đầu tư và xây dựng · ban quản lý ·
    ban đại diện cha mẹ học sinh · ban đại diện · ban tuyên giáo · ban tổ chức · ban giám đốc ·
    hội cha mẹ học sinh · hội khuyến học · hội · hội đồng · hội đồng trường · công đoàn · đoàn thanh niên ·
    đoàn tncs · đoàn tncs hồ chí minh · đoàn tncshcm · đoàn tncs hcm · đoàn · đoàn trường · đoàn đội · liên đội ·
    chi đoàn · mặt trận tổ quốc · mttq · ủy ban mặt trận tổ quốc · liên đoàn · công an · bộ chỉ huy quân sự ·
    ban chỉ huy quân sự · bộ đội biên phòng · kho bạc · kho bạc nhà nước · bảo hiểm xã hội · ngân hàng · báo ·
    đài · đài phát thanh · đài phát thanh và truyền hình · thanh tra sở · thanh tra tỉnh · thanh tra huyện ·
    tổ chuyên môn · tổ trưởng chuyên môn · tổ trưởng · tổ phó · tổ · khối · khối trưởng · bộ phận · cụm ·
    cụm trường · cụm chuyên môn · nhóm · giáo viên · gv · giáo viên chủ nhiệm · gvcn · giáo viên bộ môn ·
    giảng viên · hiệu trưởng · phó hiệu trưởng · các phó hiệu trưởng · giám đốc · phó giám đốc · trưởng phòng ·
    phó trưởng phòng · trưởng các phòng · chánh văn phòng · phó chánh văn phòng · chánh thanh tra · chủ tịch ·
    phó chủ tịch · bí thư · phó bí thư · thủ trưởng · người đứng đầu · cán bộ · cán bộ quản lý ·
    cán bộ quản lý giáo dục · cbql · cán bộ công chức · công chức · viên chức · nhân viên · người lao động ·
    kế toán · nhà giáo · thầy cô · thầy cô giáo · thầy giáo · cô giáo · học sinh · sinh viên · học viên · trẻ em ·
    cha mẹ học sinh · phụ huynh · phụ huynh học sinh · gia đình · nhà nước · chính phủ · quốc hội · chính quyền ·
    chính quyền địa phương · chính quyền các cấp · xã · phường · huyện · tỉnh · thành phố · lực lượng ·
    doanh nghiệp · cá nhân · tổ chức và cá nhân · giáo dục mầm non · giáo dục phổ thông · giáo dục tiểu học ·
    giáo dục trung học · giáo dục thường xuyên · giáo dục nghề nghiệp · đại học · chuyên viên · tổng phụ trách ·
    tổng phụ trách đội · văn thư · thư viện · bảo vệ · thành viên · bộ trưởng · thủ tướng chính phủ · thủ tướng ·
    phó thủ tướng · thứ trưởng · trưởng ban · trưởng công an · trưởng bộ phận · trưởng thôn · trưởng bản ·
    già làng · người có uy tín · bí thư chi bộ · toàn ngành · toàn trường · điểm trường · phòng chuyên môn ·
    phòng ban · phòng giáo dục và đào tạo · phòng gd&đt · pgd&đt · pgd · sở gd&đt · sgd&đt · bộ gd&đt ·
    sở giáo dục và đào tạo · bộ giáo dục và đào tạo · tổ chức công đoàn · tổ chức chính trị - xã hội ·
    tỉnh đoàn · huyện đoàn · thành đoàn · xã đoàn · phường đoàn · quận đoàn · thị đoàn · trung ương đoàn ·
    tổng bí thư · bộ chính trị · ban bí thư · trung ương · cơ quan báo chí · cơ quan truyền thông · báo chí ·
    nhân dân · người dân · ban ngành · đảng ủy chính phủ · các bên · chủ đầu tư · nhà thầu · đoàn kiểm tra ·
    đoàn công tác · tổ công tác · tổ kiểm tra · thường trực · thường trực huyện ủy · thường trực hđnd · trạm y tế ·
    y tế · bệnh viện · cộng đồng · cơ sở vật tư · đội · đảng viên · cán bộ giáo viên · cb · cbgv · cbgvnv ·
    cb-gv-nv · trung tâm học tập cộng đồng · tổ bảo vệ · nhóm trưởng · trưởng khu phố · ban tuyên giáo và dân vận ·
    ban xây dựng đảng · ủy ban kiểm tra · ủy ban mttq · hội phụ nữ · hội nông dân · hội cựu chiến binh ·
    hội liên hiệp phụ nữ · hội cựu giáo chức · hội chữ thập đỏ · ban cán sự đảng · đảng đoàn · báo và đài ·
    ban nữ công · ban thanh tra nhân dân · ban tổ chức hội thi · hội đồng thi · hội đồng tự đánh giá ·
    tổ chức đảng · chủ nhiệm · phó chủ nhiệm · hợp tác xã · công ty · cơ quan thường trực ·
    tổ giúp việc · tổ tư vấn · tổ soạn thảo · ban soạn thảo · ban biên tập · ban vận động ·
    ông , bà · ông / bà · ông ( bà ) · nhân viên y tế · nhân viên thư viện · nhân viên văn thư · bảo mẫu · cấp dưỡng ·
    bí thư đoàn · bí thư đoàn trường · chủ tịch công đoàn · trưởng trạm · đồn biên phòng · kiểm toán nhà nước ·
    tòa án nhân dân · viện kiểm sát nhân dân · chi cục thống kê · học viện · phân hiệu
    """
)

# Heads only after a determiner: "các tổ chức, cá nhân".
DETERMINED = Phrases(
    """
    tổ chức · thôn · bản · tổ dân phố · khu phố · khu dân cư · quận · xã · phường · thanh tra · hội · huyện ·
    tỉnh · thành phố · thị xã
    """
)

# Heads that name people; in capitals after "và" they belong to a body: "Cục Nhà giáo và Cán bộ quản lý giáo dục".
PEOPLE = Phrases(
    """
    cán bộ · cán bộ quản lý · cán bộ quản lý giáo dục · nhà giáo · học sinh · sinh viên · giáo viên · gia đình ·
    trẻ em · nhân dân · cộng đồng
    """
)

# "ban hành", "tổ chức", "hội nghị"…: words that look like the head of a name and are not.
NOT_HEADS = Phrases(
    """
    ban hành · ban bố · bộ môn · bộ máy · bộ tiêu chí · bộ sách · bộ tiêu chuẩn · tổ chức · phòng học ·
    phòng ngừa · phòng chống · phòng tránh · phòng bệnh · phòng dịch · phòng thí nghiệm · phòng bộ môn ·
    phòng , chống · hội nghị · hội thi · hội thảo · hội họp · hội trường · hội nhập · hội giảng · hội khỏe ·
    hội diễn · báo cáo · báo giá · báo chung · trường hợp · trường lớp · cơ sở vật chất · cơ sở dữ liệu ·
    cơ sở hạ tầng · cơ sở pháp lý · vụ việc · viện phí · sở hữu · sở thích · đơn vị tính · đội ngũ · đoàn kết ·
    đoàn viên · đội tuyển · đội viên · nhóm nhiệm vụ · nhóm giải pháp · học sinh giỏi · công an toàn · đài thọ ·
    y tế học đường · y tế trường học · thư viện xanh · xã hội · xã hội hóa · thành phố hồ chí minh · khối lượng ·
    khối kiến thức · công đoàn phí · trung tâm học liệu · đại học sư phạm kỹ thuật · nhà nước về ·
    gia đình , nhà trường · gia đình và xã hội · bảo vệ môi trường · bảo vệ · kế toán tài chính · tỉnh táo ·
    huyện tỉnh · thành phần
    """
)

# Levels, places and kinds that go on with a name after a comma instead of beginning a new one.
CONTINUATIONS = Phrases(
    """
    xã · phường · thị trấn · thị xã · quận · huyện · thành phố · đặc khu · tỉnh · thôn · bản · tổ dân phố ·
    tiểu học · mầm non · mẫu giáo · thcs · thpt · trung học cơ sở · trung học phổ thông · trung học · gdtx · gdnn ·
    gdnn-gdtx · nghiệp vụ · th · mn · tthc · phổ thông · liên cấp · cấp 1 · cấp 2 · cấp 3 ·
    tiểu học và trung học cơ sở · khu vực · cấp tỉnh · cấp xã · cấp huyện · công lập · ngoài công lập · tư thục ·
    dân lập · nội trú · bán trú · cao đẳng · trung cấp · đại học · đoàn thể chính trị · phổ thông dân tộc nội trú ·
    th&thcs · thcs&thpt · ptdtbt · ptdtnt
    """
)

# What goes on after "các sở," or "các phòng,": "ban, ngành, đoàn thể".
SERIES = Phrases(
    """
    ban , ngành , đoàn thể · ban , ngành và đoàn thể · ban , ngành · ban ngành , đoàn thể · ban ngành ·
    ngành , đoàn thể · ngành , địa phương · ban , ngành , địa phương · ban , ngành , mặt trận tổ quốc và các đoàn thể ·
    ban , ngành , hội , đoàn thể · ban , ngành , tổ chức chính trị - xã hội · ngành
    """
)

# After a general head ("ban", "đơn vị", "tổ"), verbs that belong to the name.
NAMING = Phrases(
    """
    quản lý · quản lý nhà nước · quản lý giáo dục · quản lý dự án · quản lý chất lượng ·
    quản lý dự án đầu tư xây dựng · đào tạo · thi công · truyền thông · tuyển sinh · nghiên cứu · kiểm định ·
    tư vấn · chỉ đạo · đại diện · bồi dưỡng · kiểm tra · giám sát · đầu tư · sử dụng lao động · sử dụng ·
    thụ hưởng · dạy nghề · giảng dạy · tổ chức thi · hỗ trợ phát triển giáo dục hòa nhập · chăm sóc · phục vụ ·
    cung cấp dịch vụ · cung cấp · cung ứng · tiếp nhận · tiếp công dân · vận động · xét duyệt · khảo thí · ra đề ·
    thanh tra · sử dụng ngân sách
    """
)

# What may follow a name and still belongs to it.
TRAILERS = Phrases(
    """
    liên quan · có liên quan · trực thuộc · trực thuộc sở · thuộc · được giao · được phân công · chủ quản ·
    đóng trên địa bàn · trên địa bàn · trên địa bàn tỉnh · trong tỉnh · trong huyện · trong xã · trong toàn ngành ·
    trên toàn tỉnh · trong toàn tỉnh · chức năng · ngành giáo dục · tiểu học · đại học · trung học ·
    có cấp tiểu học · có trẻ · có học sinh · học sinh · xã hội · tự chủ · cấp dưới · cấp trên · các cấp ·
    tự chủ tài chính · đồng cấp · cùng cấp ·
    thuộc thẩm quyền quản lý · thuộc thẩm quyền quản lý của · thuộc phạm vi quản lý ·
    thuộc phạm vi quản lý của · thuộc quyền quản lý · do sở quản lý · thuộc thẩm quyền
    """
)

# Compounds inside proper names, of which only the first letter is large: "Công nghệ thông tin".
COMPOUNDS = Phrases(
    """
    công nghệ thông tin · thông tin - truyền thông ·
    giáo dục và đào tạo · giáo dục · đào tạo · giáo dục trung học · giáo dục tiểu học ·
    giáo dục mầm non · giáo dục phổ thông · giáo dục thường xuyên · giáo dục nghề nghiệp · kế hoạch và đầu tư ·
    kế hoạch · đầu tư · thông tin và truyền thông · thông tin · truyền thông · tổ chức cán bộ · tổ chức ·
    tổ chức - hành chính · quản lý chất lượng · quản lý · chính trị tư tưởng · chính trị · khoa học và công nghệ ·
    văn hóa , thể thao và du lịch · văn hóa · lao động - thương binh và xã hội · lao động , thương binh và xã hội ·
    nông nghiệp và môi trường · xây dựng · dân tộc và tôn giáo · tuyên giáo và dân vận · tuyên giáo · kiểm tra ·
    thanh tra · nội vụ · tài chính · y tế · tư pháp · công thương · khuyến học · cựu chiến binh · cựu giáo chức ·
    phụ nữ · nông dân · nghiệp vụ · học sinh , sinh viên · học sinh - sinh viên · công tác học sinh , sinh viên ·
    kinh tế · hạ tầng và đô thị · khảo thí
    """
)

# Adverbs between "phối hợp" and its "với".
TOGETHER = Phrases(
    """
    chặt chẽ · tốt · đồng bộ · hiệu quả · có hiệu quả · tích cực · thường xuyên · chủ động · kịp thời ·
    nhịp nhàng · thống nhất · với · cùng · cùng với · và
    """
)

# Words that end a name when they follow it.
STOPS = word_set(
    """
    giáp nào nơi tiến để khi nếu do vì thì là mà đã đang sẽ được bị không chưa cần phải có nên hãy cùng vào bằng đến từ
    nhằm qua như tại cũng vẫn còn đều cụ đồng hằng hàng ngay theo căn trước sau giữa nhất trong về
    """
)

# Nouns that begin a title, not an instruction.
NOUNS = Phrases(
    """
    công tác · việc · về · về việc · kế hoạch · chương trình · nội dung · kinh phí · thời gian · hình thức ·
    số lượng · tỷ lệ · chất lượng · kết quả · mức · mục tiêu · mục đích · hoạt động · thành phần · đối tượng ·
    địa điểm · căn cứ pháp lý · danh sách · hồ sơ · quy trình · lịch · phụ lục · nhiệm vụ · giải pháp · mức thu ·
    tất cả các khoản · các khoản · quyết định · thông tư · văn bản · kế hoạch này · đề án
    """
)

# Things that are counted in this field; the longest that stands after the number is the unit.
THINGS = either(
    """
    trường học · trường · học sinh · sinh viên · học viên · giáo viên · giảng viên · viên chức · công chức ·
    cán bộ quản lý · cán bộ · cbql · nhân viên · người lao động · nhà giáo · thầy cô · đảng viên · đoàn viên ·
    đội viên · hội viên · lớp học · lớp · nhóm trẻ · nhóm lớp · phòng học · phòng · dự án · điểm trường ·
    điểm cầu · điểm thi · em · trẻ em · trẻ · cháu · giải · huy chương · hcv · hcb · hcđ · đơn vị · xã · phường ·
    thị trấn · huyện · thành phố · tỉnh · thôn · bản · người dân · người · đại biểu · đồng chí · tập thể ·
    cá nhân · sáng kiến · đề tài · chỗ · bộ sách · bộ thiết bị · bộ · máy tính · máy · thư viện · công trình · m2 ·
    m² · ha · km2 · km · nguyện vọng · thí sinh · hồ sơ · chỉ tiêu · biên chế · suất học bổng · suất quà · suất ·
    phần quà · cuộc thi · cuộc · đợt kiểm tra · lượt người · lượt · vụ · trường hợp · câu lạc bộ · trung tâm ·
    cơ sở giáo dục · cơ sở · chi bộ · tổ chức · hộ nghèo · hộ · gia đình · khẩu · ý kiến · bài viết · tin bài ·
    bài · cuốn sách · cuốn · quyển · đầu sách · bản tin · sản phẩm · tiết mục · đội tuyển · đội · vận động viên ·
    môn thi · bếp ăn · nhà vệ sinh · công trình vệ sinh · nhà ở · phòng công vụ · thiết bị · tivi · màn hình · xe ·
    cây · bằng khen · giấy khen · danh hiệu · học bổng · chiến sĩ thi đua · chuyên đề · lớp tập huấn ·
    lớp bồi dưỡng · hội thảo · mô hình · tham luận · thành viên · hiệu trưởng · phó hiệu trưởng · chuyên gia ·
    báo cáo viên · nhân sự · doanh nghiệp · địa phương · quốc gia · khách · vị trí · tổ · bệnh nhân · ca · liều ·
    mũi · thùng · kg · tấn · lít · tỷ · triệu · nghìn · ngàn · hạng mục · gói thầu · căn · dãy · khu · sân · ngôi ·
    giờ dạy · tiết dạy · chỗ ở · nhà giáo ưu tú · tiến sĩ · thạc sĩ · cử nhân · chức danh · phụ huynh · hs · gv ·
    hssv · cb · website · tài khoản · phần mềm · trẻ mẫu giáo · trẻ nhà trẻ · hội đồng · cặp · nhóm
    """
)
